"""Operations that are answered with samples, and check that the resource they refer to exists.

Nothing creates the resources that exist only as samples, such as billing statements. One of each kind exists from the
start, under a fixed id; any other is not found.
"""

from __future__ import annotations

from .._answers import JSON, not_found
from .._handling.request import CheckedRequest, answers
from .._handling.stored import sampled
from .organizations.organizations import find_organization
from .users.records import find_user

SAMPLE_IDS = {
    "discount_id": ("discount", "discount_sample"),
    "external_account_id": ("external account", "eac_sample"),
    "id": ("sign-up", "sua_sample"),
    "passkey_identification_id": ("passkey", "idn_sample"),
    "statementID": ("billing statement", "statement_sample"),
    "subscription_item_id": ("subscription item", "subitem_sample"),
    "trusted_device_id": ("trusted device", "tdev_sample"),
}
"""Path parameter -> the kind of resource, and the id that exists."""

_LISTED = {
    "GetBillingStatementList": "statementID",
    "GetCommerceSubscriptionItemList": "subscription_item_id",
    "ListUserTrustedDevices": "trusted_device_id",
}


@answers(
    "ApplyBillingSubscriptionItemDiscount",
    "CancelCommerceSubscriptionItem",
    "CreateBillingPriceTransition",
    "DeleteExternalAccount",
    "ExtendBillingSubscriptionItemFreeTrial",
    "GetBillingStatement",
    "GetBillingStatementList",
    "GetBillingStatementPaymentAttempts",
    "GetCommerceSubscriptionItemList",
    "GetOrganizationBillingSubscription",
    "GetSignUp",
    "GetUserBillingSubscription",
    "ListUserTrustedDevices",
    "RemoveBillingSubscriptionItemDiscount",
    "RevokeUserTrustedDevice",
    "UpdateSignUp",
    "UserPasskeyDelete",
    kind="sample",
)
def sample_about_something(request: CheckedRequest) -> JSON:
    """Answer with a sample, if the resource exists."""
    _check_path(request)
    value = sampled(request)
    if (listed := _LISTED.get(request.operation.id)) is not None:
        for item in value["data"]:
            item["id"] = SAMPLE_IDS[listed][1]
    return value


@answers("GetOAuthAccessToken", kind="sample")
def sample_tokens(request: CheckedRequest) -> JSON:
    """GET /users/{user_id}/oauth_access_tokens/{provider}."""
    _check_path(request)
    tokens = [{**token, "provider": request.path["provider"]} for token in sampled(request)]
    return {"data": tokens, "total_count": 1} if request.query.get("paginated") else tokens


def _check_path(request: CheckedRequest) -> None:
    for name, value in request.path.items():
        if name == "user_id":
            find_user(request.state, value)
        elif name == "organization_id":
            find_organization(request.state, value)
        elif name in SAMPLE_IDS and value != SAMPLE_IDS[name][1]:
            raise not_found(SAMPLE_IDS[name][0], value)
