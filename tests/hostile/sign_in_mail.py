"""Thirty mails that let somebody sign in, in the shapes such mails have; the services and people are invented."""

from __future__ import annotations

from email.message import EmailMessage

#: Sender, subject, words, and the HTML where there is nothing else or something more.
MAILS: list[tuple[str, str, str, str]] = [
    ("Chatterbox <feedback@chatterbox.example>", "Chatterbox confirmation code: X7K-2QP",
     "Confirm your email address\nYour confirmation code is below. Enter it in your open browser window.\n\nX7K-2QP\n", ""),
    ("Chatterbox <no-reply@chatterbox.example>", "Sam Reed has invited you to work with them in Chatterbox",
     "Sam Reed (sam@reed.example) has invited you to join the workspace Reed & Sons.\nhttps://join.chatterbox.example/t/9f8e7d\n", ""),
    ("Orchard ID <appleid@id.orchard.example>", "Verify your Orchard ID email address",
     "You have selected this address as your new Orchard ID. To verify it's you, enter the code below:\n\n482913\n", ""),
    ("Gaggle <no-reply@accounts.gaggle.example>", "Gaggle Verification Code", "Use this verification code to finish: G-482113\n", ""),
    ("Gaggle <no-reply@accounts.gaggle.example>", "Security alert", "", "<p>To continue, reset your password: "
     "<a href='https://accounts.gaggle.example/r?c=81'>Check activity</a></p>"),
    ("Lattice <noreply@lattice.example>", "Your sign-in link", "Click the link below to sign in to Lattice.\n"
     "https://lattice.example/magic/6f1e\nThis link expires in 10 minutes.\n", ""),
    ("GitForge <noreply@gitforge.example>", "[GitForge] Please verify your device",
     "Hey ann! A sign in attempt requires further verification.\nVerification code: 418230\n", ""),
    ("GitForge <noreply@gitforge.example>", "[GitForge] Please verify your email address.",
     "Almost done! To complete your sign up, we just need to verify your email address: "
     "https://gitforge.example/users/ann/emails/1/confirm_verification/ab12\n", ""),
    ("GitForge <noreply@gitforge.example>", "[GitForge] Please reset your password", "We heard that you lost your password.\n"
     "https://gitforge.example/password_reset/5d41\n", ""),
    ("Facepage <security@facepagemail.example>", "48213 is your Facepage confirmation code", "Hi Ann,\n48213\n", ""),
    ("Facepage <security@facepagemail.example>", "Did you request a new password?", "You can enter the following password reset "
     "code: 771204\nAlternatively, you can directly change your password: https://facepage.example/recover?n=771204\n", ""),
    ("Payfriend <service@payfriend.example>", "Your one-time passcode", "Your one-time passcode is 903 117. Do not share it.\n", ""),
    ("Bank of Elsewhere <alerts@bankofelsewhere.example>", "Authorisation", "Your temporary access code: 66120944\n", ""),
    ("Zoomer <no-reply@zoomer.example>", "Code for signing in to Zoomer", "Enter the code to sign in: 550 127\n"
     "Here is your login code.\n", ""),
    ("Canvasser <no-reply@canvasser.example>", "Ihr Anmeldecode lautet 204417", "Ihr Bestätigungscode: 204417\n", ""),
    ("Paketbote <noreply@paketbote.example>", "Bitte bestätigen Sie Ihre E-Mail-Adresse",
     "Guten Tag, bestätigen Sie Ihre Anmeldung: https://paketbote.example/c/7781\n", ""),
    ("Paketbote <noreply@paketbote.example>", "Passwort zurücksetzen", "Hier können Sie Ihr Passwort zurücksetzen: "
     "https://paketbote.example/pw/1\n", ""),
    ("LaPoste <ne-pas-repondre@laposte-rapide.example>", "Votre code de vérification", "Votre code : 118 204\n", ""),
    ("LaPoste <ne-pas-repondre@laposte-rapide.example>", "Confirmez votre adresse", "Confirmez votre adresse en cliquant : "
     "https://laposte-rapide.example/confirmer?x=1\n", ""),
    ("Correo <no-responder@correo.example>", "Tu código de acceso", "Tu código es 771 882. Caduca en 5 minutos.\n", ""),
    ("Fiets <noreply@fiets.example>", "Je verificatiecode", "Je verificatiecode is 440912\n", ""),
    ("Cartolina <noreply@cartolina.example>", "Il tuo codice", "Il tuo codice di verifica: 882134\n", ""),
    ("Deskly <support@deskly.example>", "Welcome to Deskly! Activate your account", "Please activate your Deskly account: "
     "https://acme.deskly.example/register/Zk3\n", ""),
    ("Tasklist <hello@tasklist.example>", "Lea Lind invites you to join Tasklist", "Lea Lind invites you to join the board Care.\n"
     "https://tasklist.example/invite/77\n", ""),
    ("Shopkeeper <mailer@shopkeeper.example>", "Customer account confirmation", "", "<h1>Hi</h1><p>You've activated nothing yet. "
     "<a href='https://shopkeeper.example/a/1'>Confirm your account</a></p>"),
    ("Cloudbank <verify@cloudbank.example>", "Cloudbank two-step verification", "Your Cloudbank verification code is 119283.\n", ""),
    ("Noteful <team@noteful.example>", "Your Noteful login code is mauve-otter-2291", "Use the login code 229104 or follow "
     "https://noteful.example/loginwithemail to sign in.\n", ""),
    ("Hirely <notifications@hirely.example>", "Sign in to Hirely", "", "<p>Tap the button to log in. "
     "<a href='https://hirely.example/m/1'>Log in</a> This magic link works once.</p>"),
    ("Streamly <account@streamly.example>", "Streamly: Your temporary access code", "Your temporary access code: 4471. It expires soon.\n",
     ""),
    ("Registrar <whois@registrar.example>", "Action required: verify your registration", "Please verify your registration details, "
     "or the domain is suspended: https://registrar.example/verify/8812\n", ""),
]  # fmt: skip


def as_raw(number: int, *, to: str) -> bytes:
    """One of them as it arrives, signed by the service it comes from."""
    sender, subject, words, html = MAILS[number]
    mail = EmailMessage()
    domain = sender.rpartition("@")[2].strip(">")
    mail["Authentication-Results"] = f"mx.parcel.example; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{number}.signin@{domain}>"
    mail["Date"] = "Wed, 11 Nov 2026 09:59:00 +0000"
    if words:
        mail.set_content(words)
    if html:
        mail.add_alternative(html, subtype="html") if words else mail.set_content(html, subtype="html")
    return mail.as_bytes()
