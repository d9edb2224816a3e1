"""Billing: prices and credits are stored; plans, statements and subscriptions are samples."""

from __future__ import annotations

from .._answers import JSON, refusal
from .._handling.listing import page
from .._handling.request import CheckedRequest, answers
from .._handling.stored import shaped
from .._store.ids import hexadecimal
from .._store.tables import Record
from .organizations.organizations import find_organization
from .users.records import find_user

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


@answers("CreateBillingPrice", kind="stored")
def create_price(request: CheckedRequest) -> JSON:
    """POST /billing/prices."""
    state, body = request.state, request.body
    currency = body.get("currency", "USD")
    amount = body["amount"] or 0
    yearly = body.get("annual_monthly_amount") or 0
    price = state.stamped("cprice", **body, instance_id=state.instance_id, is_default=False)
    price |= {"currency": currency, "currency_symbol": _SYMBOLS.get(currency, currency)}
    price |= {"amount": amount, "fee": _money(amount, currency), "annual_monthly_amount": yearly}
    price["annual_monthly_fee"] = _money(yearly, currency) if yearly else None
    price.setdefault("supported_billing_periods", "both" if yearly else "month")
    record = state.stored("price").add({**shaped(request.operation, price), "id": price["id"]})
    return _shown(record)


@answers("GetBillingPriceList", kind="stored")
def list_prices(request: CheckedRequest) -> JSON:
    """GET /billing/prices."""
    plan = request.query.get("plan_id")
    fitting = [price for price in request.state.stored("price").newest() if plan in (None, price["plan_id"])]
    return page(request, fitting, _shown)


@answers("GetUserBillingCreditBalance", "GetOrganizationBillingCreditBalance", kind="stored")
def get_balance(request: CheckedRequest) -> JSON:
    """GET /users/{user_id}/billing/credits and /organizations/{organization_id}/billing/credits."""
    balance = request.state.stored("credit balance").get(_payer(request))
    money = None if balance is None else _money(balance["amount"], balance["currency"])
    return {"object": "commerce_credit_balance", "balance": money}


@answers("AdjustUserBillingCreditBalance", "AdjustOrganizationBillingCreditBalance", kind="stored")
def adjust_balance(request: CheckedRequest) -> JSON:
    """POST /users/{user_id}/billing/credits and /organizations/{organization_id}/billing/credits."""
    state, body, payer = request.state, request.body, _payer(request)
    for entry in state.stored("credit entry"):
        if entry["_idempotency_key"] == body["idempotency_key"]:
            raise refusal("resource_conflict", "This idempotency_key was already used.")
    currency = body.get("currency", "USD")
    change = body["amount"] if body["action"] == "increase" else -body["amount"]
    balances = state.stored("credit balance")
    if payer not in balances:
        balances.add({"id": payer, "amount": 0, "currency": currency})
    balance = balances.get(payer)
    assert balance is not None
    if balance["amount"] + change < 0:
        raise refusal("form_param_value_invalid", "The balance is too low.", parameter="amount")
    balances.change(payer, amount=balance["amount"] + change)
    key = body["idempotency_key"]
    entry = {"id": hexadecimal("ccl"), "payer_id": payer, "note": body.get("note"), "source_id": key}
    entry |= {"amount": _money(change, currency), "source_type": "manual", "_idempotency_key": key}
    state.stored("credit entry").add(entry)
    return shaped(request.operation, entry)


def _payer(request: CheckedRequest) -> str:
    if "user_id" in request.path:
        payer = find_user(request.state, request.path["user_id"])
    else:
        payer = find_organization(request.state, request.path["organization_id"])
    identifier: str = payer["id"]
    return identifier


def _money(amount: int, currency: str) -> Record:
    symbol = _SYMBOLS.get(currency, currency)
    return {
        "amount": amount,
        "amount_formatted": f"{amount / 100:.2f}",
        "currency": currency,
        "currency_symbol": symbol,
    }


def _shown(record: Record) -> JSON:
    return {name: value for name, value in record.items() if name[0] != "_" and name != "updated_at"}
