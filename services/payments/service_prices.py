"""What payments answers by RPC about what visits pay, and about the pay rules of contracts: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.payments.pay_rules import views as pay_rules_views
from services.payments.pay_rules.schemas import OneContract, SetPayRules, TryPayRules
from services.payments.pricing import views as pricing_views
from services.payments.pricing.schemas import MatchedRefs, MoneyAtStake
from services.payments.proposals import steps as proposals_steps


class PriceAnswers:
    """A part of PaymentsService."""

    db: Database

    visit_payments = answer_by(pricing_views.list_visit_payments, MatchedRefs, needs=(rights.READ_PAYMENTS,))
    money_at_stake = answer_by(pricing_views.sum_money_at_stake, MoneyAtStake, needs=(rights.READ_PAYMENTS,))

    contracts_with_rules = answer_by(pay_rules_views.list_contracts_with_rules, needs=(rights.READ_PAYMENTS,))
    contract_rules = answer_by(
        pay_rules_views.describe_contract_rules, OneContract, needs=(rights.READ_PAYMENTS,)
    )
    propose_pay_rules = answer_by(
        proposals_steps.propose_pay_rules, SetPayRules, needs=(rights.SET_PAY_RULES,)
    )
    try_pay_rules = answer_by(pricing_views.try_pay_rules, TryPayRules, needs=(rights.SET_PAY_RULES,))
