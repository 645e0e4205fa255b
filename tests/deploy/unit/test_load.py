"""People who click through a loaded portal: which links they see, and what is said of their looks."""

from deploy.dev.load.__main__ import percentile, table
from deploy.dev.load.people import Look, links_of

PAGE = """
<a href="/visits?week=2022-10-03&amp;client=A1">Visits</a> <a class="x" href='/single'>no</a>
<a href="/payments/2022-10-03/remittance.csv">a file</a> <a href="https://elsewhere.example/">elsewhere</a>
<a href="/account/password">own settings</a> <a href="#main">down</a> <form action="/logout"></form>
"""


def test_links_lead_to_pages_of_this_site_alone() -> None:
    assert list(links_of(PAGE)) == ["/visits?week=2022-10-03&client=A1"]


def test_the_95th_percentile_is_what_95_of_a_hundred_do_not_exceed() -> None:
    assert percentile([float(number) for number in range(1, 101)], 0.95) == 95
    assert percentile([7.0], 0.95) == 7


def test_the_table_names_each_page_what_is_slow_and_what_failed() -> None:
    looks = [Look("/visits", 0.1, 200), Look("/visits", 0.5, 200), Look("/", 0.05, 503)]
    _, _, home, visits, everything = table(looks).splitlines()
    assert home == "| / | 1 | 50 | 50 | 50 | 1 |"
    assert visits == "| /visits | 2 | 300 | 500 (over) | 500 | 0 |"
    assert everything.startswith("| all | 3 |")
