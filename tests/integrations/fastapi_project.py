"""A FastAPI application."""

from typing import Annotated, Any

from fastapi import Depends, FastAPI, WebSocket

from clerk import AsyncClerkClient, events
from clerk.auth import SessionAuth
from clerk.integrations.fastapi import ClerkAuth, add_exception_handlers, get_clerk, lifespan, webhook

ORIGIN = "http://localhost:3000"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

app = FastAPI(lifespan=lifespan)
add_exception_handlers(app)
signed_in = ClerkAuth(authorized_parties=[ORIGIN])


@app.get("/me")
async def me(auth: Annotated[SessionAuth, Depends(signed_in)]) -> dict[str, Any]:
    return {"user_id": auth.user_id, "org_role": auth.org_role}


@app.get("/greeting")
async def greeting(auth: Annotated[SessionAuth, Depends(signed_in.optional)]) -> str:
    return "welcome back" if auth.is_authenticated else "hello"


@app.get("/invoices")
async def invoices(auth: Annotated[SessionAuth, Depends(signed_in.require(role="org:admin"))]) -> str | None:
    return auth.org_id


@app.delete("/account")
async def close(auth: Annotated[SessionAuth, Depends(signed_in.require(reverification="strict"))]) -> None: ...


@app.get("/name")
async def name(
    auth: Annotated[SessionAuth, Depends(signed_in)], clerk: Annotated[AsyncClerkClient, Depends(get_clerk)]
) -> str:
    assert auth.user_id
    return (await clerk.users.get_user(auth.user_id)).email_addresses[0].email_address


@app.post("/webhooks")
async def take(event: Annotated[events.Event, Depends(webhook(signing_secret=SECRET))]) -> str:
    return event.type


@app.websocket("/chat")
async def chat(socket: WebSocket, auth: Annotated[SessionAuth, Depends(signed_in.optional)]) -> None:
    await socket.accept()
    await socket.send_text(str(auth.user_id))
    await socket.close()


@app.websocket("/live")
async def live(socket: WebSocket, auth: Annotated[SessionAuth, Depends(signed_in)]) -> None:
    await socket.accept()
    await socket.send_text(str(auth.user_id))
    await socket.close()
