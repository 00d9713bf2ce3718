"""The ceremony's language, from the `locale` of its address (reference 3.1), and the words of its main buttons in it.

All else stays English: it is the way and the direction that a portal has to get right, not Docusign's translations.
"""

from collections.abc import Mapping

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he"})
ENGLISH = {
    "agree": "I agree to use electronic records and signatures",
    "continue": "Continue",
    "start": "Start",
    "next": "Next",
    "finish": "Finish",
    "actions": "Other actions",
    "later": "Finish later",
    "decline": "Decline to sign",
}
_TRANSLATED = {
    "ar": "أوافق على استخدام السجلات والتوقيعات الإلكترونية"
    "|متابعة|بدء|التالي|إنهاء|إجراءات أخرى|الإنهاء لاحقًا|رفض التوقيع",
    "de": "Ich stimme elektronischen Aufzeichnungen und Signaturen zu"
    "|Weiter|Starten|Nächstes Feld|Fertigstellen|Weitere Aktionen|Später fertigstellen|Unterschrift ablehnen",
    "es": "Acepto usar registros y firmas electrónicos"
    "|Continuar|Iniciar|Siguiente|Finalizar|Otras acciones|Finalizar más tarde|Rechazar firmar",
    "fr": "J’accepte d’utiliser des documents et signatures électroniques"
    "|Continuer|Commencer|Suivant|Terminer|Autres actions|Terminer plus tard|Refuser de signer",
    "he": "הסכמה לשימוש ברשומות ובחתימות אלקטרוניות|המשך|התחל|הבא|סיום|פעולות אחרות|סיים מאוחר יותר|סרב לחתום",
    "it": "Accetto di usare documenti e firme elettroniche"
    "|Continua|Inizia|Avanti|Completa|Altre azioni|Completa in seguito|Rifiuta di firmare",
    "ja": "電子記録と電子署名の使用に同意します|続行|開始|次へ|終了|その他の操作|後で終了|署名を辞退",
    "nl": "Ik ga akkoord met elektronische documenten en handtekeningen"
    "|Doorgaan|Starten|Volgende|Voltooien|Andere acties|Later voltooien|Weigeren te ondertekenen",
    "pl": "Zgadzam się na dokumenty i podpisy elektroniczne"
    "|Kontynuuj|Rozpocznij|Dalej|Zakończ|Inne czynności|Zakończ później|Odmów podpisania",
    "pt": "Aceito usar registos e assinaturas eletrónicos"
    "|Continuar|Iniciar|Seguinte|Terminar|Outras ações|Terminar mais tarde|Recusar assinar",
    "uk": "Я погоджуюся на електронні документи та підписи"
    "|Продовжити|Почати|Далі|Завершити|Інші дії|Завершити пізніше|Відмовитися підписувати",
}


def locale_in(query: Mapping[str, str]) -> dict[str, str]:
    """`{locale}`, e.g. `fr` of `fr_CA`; empty for a language that the ceremony does not speak."""
    language = query.get("locale", "").replace("-", "_").partition("_")[0].lower()
    return {"locale": language} if language in _TRANSLATED else {}


def words_in(language: str) -> dict[str, str]:
    translated = _TRANSLATED.get(language)
    return dict(zip(ENGLISH, translated.split("|"), strict=True)) if translated else ENGLISH


def direction_of(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
