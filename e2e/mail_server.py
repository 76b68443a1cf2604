"""A mail server that others wrote (aiosmtpd), which does what the name of the recipient says: later@ is put off once, never@ is refused, and all
others are taken. Each mail that it takes is a line of JSON on standard output.

    mail_server.py PORT [{starttls|wrapped} CERTIFICATE KEY USER PASSWORD]
"""
import asyncio
import json
import ssl
import sys
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, AuthResult

port, *tls = sys.argv[1:]
tried = {}


def tell(**what):
    print(json.dumps(what), flush=True)


class Desk:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        tried[address] = tried.get(address, 0) + 1
        tell(recipient=address, tries=tried[address])
        if name == "later" and tried[address] == 1:
            return "451 4.7.1 Greylisted, come again"
        if name == "never":
            return "550 5.1.1 <never@kites.example> is nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        headers = {name.lower(): str(value) for name, value in mail.items()}
        tell(to=envelope.rcpt_tos, sender=envelope.mail_from, options=envelope.mail_options, tls=bool(session.ssl or server.transport.get_extra_info("sslcontext")), user=str(session.auth_data or ""),
             host=session.host_name, headers=headers, type=mail.get_content_type(), text=mail.get_content())
        return "250 OK"


class Login:
    def __init__(self, user, password):
        self.wanted = (user.encode(), password.encode())

    def __call__(self, server, session, envelope, mechanism, data):
        good = (data.login, data.password) == self.wanted
        return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)


async def main():
    more, wrapped = {}, None
    if tls:
        way, certificate, key, user, password = tls
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        more = {"authenticator": Login(user, password), "auth_required": True}
        if way == "wrapped":
            # It knows nothing of what is around it.
            wrapped, more["auth_require_tls"] = context, False
        else:
            more |= {"tls_context": context, "require_starttls": True}
    make = lambda: SMTP(Desk(), enable_SMTPUTF8=True, hostname="mail.kites.example", **more)
    await asyncio.get_running_loop().create_server(make, ["127.0.0.1", "127.0.0.2"], int(port), ssl=wrapped)
    tell(listening=True)
    await asyncio.Event().wait()


asyncio.run(main())
