"""The backend as the product's first requirements prescribe it: FastAPI, SQLAlchemy, asyncpg, JWT, SELECT FOR UPDATE NOWAIT.

The careful version: SQLAlchemy Core and no ORM objects, the caller from the token and not from the database, one transaction per
request. What it does not do (encryption of personal data, live streams, notifications, figures, rights of roles) saves it work that
the product has to do.
"""

import hashlib
import hmac
import os
from datetime import datetime, timezone
from typing import Any, AsyncIterator, Optional
from uuid import UUID, uuid4

import jwt
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy import Boolean, Column, DateTime, MetaData, String, Table, select
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

JWT_SECRET = os.environ["JWT_SECRET"]
WEBHOOK_SECRET = os.environ["EXTERNAL_BOT_SECRET"].encode()
engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=16, max_overflow=0)
app = FastAPI()
tables = MetaData()


def uuid(name: str, **options: Any) -> Column:
    return Column(name, PgUuid(as_uuid=True), **options)


customers = Table(
    "customers",
    tables,
    uuid("id", primary_key=True),
    Column("name", String),
    Column("phone", String),
    Column("channel_id", String),
    Column("channel_type", String),
    Column("division", String),
)
tickets = Table(
    "tickets",
    tables,
    uuid("id", primary_key=True),
    uuid("customer_id"),
    Column("division", String),
    Column("channel", String),
    Column("bot_id", String),
    Column("queue_status", String),
    uuid("assigned_to"),
    Column("assigned_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("is_off_hours", Boolean),
    Column("updated_at", DateTime(timezone=True)),
)
messages_l1 = Table(
    "messages_l1",
    tables,
    uuid("id", primary_key=True),
    uuid("ticket_id"),
    Column("sender_type", String),
    Column("content", String),
    Column("sent_at", DateTime(timezone=True)),
    Column("channel_message_id", String),
)
crm_data = Table(
    "crm_data",
    tables,
    uuid("id", primary_key=True),
    uuid("ticket_id"),
    Column("division", String),
)
audit_log = Table(
    "audit_log",
    tables,
    uuid("id", primary_key=True),
    uuid("ticket_id"),
    uuid("actor_id"),
    Column("actor_role", String),
    Column("action", String),
    Column("from_value", String),
    Column("to_value", String),
)


class Caller(BaseModel):
    sub: UUID
    role: str
    division: str


class Message(BaseModel):
    user_id: str
    channel: str
    division: str
    bot_id: str
    message: str
    message_id: str
    timestamp: datetime
    user_name: Optional[str] = None
    is_office_hours: bool = True


async def connection() -> AsyncIterator[AsyncConnection]:
    async with engine.begin() as open_connection:
        yield open_connection


def caller(token: str = Depends(OAuth2PasswordBearer(tokenUrl="/api/auth/login"))) -> Caller:
    try:
        return Caller(**jwt.decode(token, JWT_SECRET, algorithms=["HS256"]))
    except jwt.PyJWTError as error:
        raise HTTPException(401, "Token tidak valid") from error


@app.post("/api/admin/ticket/{ticket_id}/self-takeover")
async def self_takeover(
    ticket_id: UUID, agent: Caller = Depends(caller), db: AsyncConnection = Depends(connection)
) -> dict:
    if agent.role != "sales_agent":
        raise HTTPException(403, "Hanya sales agent")
    found = select(tickets.c.queue_status, tickets.c.division).where(tickets.c.id == ticket_id)
    try:
        ticket = (await db.execute(found.with_for_update(nowait=True))).one_or_none()
    except DBAPIError as error:
        raise HTTPException(409, "Tiket sudah diambil agent lain") from error
    if ticket is None:
        raise HTTPException(404, "Tiket tidak ditemukan")
    if ticket.queue_status != "free":
        raise HTTPException(409, "Tiket sudah diambil agent lain")
    if ticket.division != agent.division:
        raise HTTPException(403, "Beda divisi")
    now = datetime.now(timezone.utc)
    taken = {"queue_status": "assigned", "assigned_to": agent.sub, "assigned_at": now, "updated_at": now}
    await db.execute(tickets.update().where(tickets.c.id == ticket_id).values(taken))
    entry = {
        "id": uuid4(),
        "ticket_id": ticket_id,
        "actor_id": agent.sub,
        "actor_role": agent.role,
        "action": "self_takeover",
        "from_value": "free",
        "to_value": str(agent.sub),
    }
    await db.execute(audit_log.insert().values(entry))
    return {"success": True, "data": {"ticket_id": ticket_id, "assigned_to": agent.sub, "taken_at": now}}


async def customer_of(db: AsyncConnection, message: Message) -> UUID:
    known = select(customers.c.id).where(
        customers.c.division == message.division, customers.c.channel_id == message.user_id
    )
    found = (await db.execute(known)).scalar_one_or_none()
    if found is not None:
        return found
    new = {
        "id": uuid4(),
        "name": message.user_name,
        "channel_id": message.user_id,
        "channel_type": message.channel,
        "division": message.division,
    }
    await db.execute(insert(customers).values(new).on_conflict_do_nothing())
    return (await db.execute(known)).scalar_one()


async def ticket_of(db: AsyncConnection, customer_id: UUID, message: Message) -> UUID:
    current = select(tickets.c.id).where(tickets.c.customer_id == customer_id, tickets.c.closed_at.is_(None))
    found = (await db.execute(current)).scalar_one_or_none()
    if found is not None:
        return found
    new = {
        "id": uuid4(),
        "customer_id": customer_id,
        "division": message.division,
        "channel": message.channel,
        "bot_id": message.bot_id,
        "queue_status": "free",
        "is_off_hours": not message.is_office_hours,
    }
    opened = insert(tickets).values(new).on_conflict_do_nothing().returning(tickets.c.id)
    ticket_id = (await db.execute(opened)).scalar_one_or_none()
    if ticket_id is None:
        return (await db.execute(current)).scalar_one()
    entry = {"id": uuid4(), "ticket_id": ticket_id, "division": message.division}
    await db.execute(crm_data.insert().values(entry))
    return ticket_id


@app.post("/api/webhook/external-bot")
async def webhook(request: Request, db: AsyncConnection = Depends(connection)) -> dict:
    body = await request.body()
    signature = "sha256=" + hmac.new(WEBHOOK_SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature, request.headers.get("x-hub-signature-256", "")):
        raise HTTPException(401, "Signature tidak valid")
    message = Message.parse_raw(body)
    customer_id = await customer_of(db, message)
    ticket_id = await ticket_of(db, customer_id, message)
    entry = {
        "id": uuid4(),
        "ticket_id": ticket_id,
        "sender_type": "customer",
        "content": message.message,
        "sent_at": message.timestamp,
        "channel_message_id": message.message_id,
    }
    await db.execute(insert(messages_l1).values(entry).on_conflict_do_nothing())
    now = datetime.now(timezone.utc)
    await db.execute(tickets.update().where(tickets.c.id == ticket_id).values(updated_at=now))
    return {"success": True, "data": {"ticket_id": ticket_id}}
