"""What payments answers by RPC about what visits pay, and about the pay rules of contracts: wiring only."""

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

    visit_payments = answer_by(pricing_views.list_visit_payments, MatchedRefs)
    money_at_stake = answer_by(pricing_views.sum_money_at_stake, MoneyAtStake)

    contracts_with_rules = answer_by(pay_rules_views.list_contracts_with_rules)
    contract_rules = answer_by(pay_rules_views.describe_contract_rules, OneContract)
    propose_pay_rules = answer_by(proposals_steps.propose_pay_rules, SetPayRules)
    try_pay_rules = answer_by(pricing_views.try_pay_rules, TryPayRules)
