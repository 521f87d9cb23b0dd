import type { ErrorCode } from '@parley/contract'
import { language } from './index.ts'

/** What the server says is English. In German its frequent refusals are told by their code, with the server's own words beside. */
const GERMAN: Partial<Record<ErrorCode, string>> = {
  invalid_request: 'Eine Angabe stimmt nicht.',
  request_too_large: 'Das ist zu groß.',
  unauthorized: 'Die Anmeldung gilt nicht mehr, oder Name oder Passwort stimmen nicht.',
  token_expired: 'Die Sitzung ist zu Ende.',
  forbidden: 'Dazu fehlt Ihnen das Recht.',
  account_suspended: 'Dieses Konto ist gesperrt.',
  not_found: 'Das gibt es nicht, oder nicht mehr.',
  request_timeout: 'Die Anfrage hat zu lange gedauert.',
  conflict: 'Das steht im Widerspruch zu etwas, das es schon gibt oder das jemand geändert hat.',
  unsupported_media_type: 'Diese Art von Datei wird nicht angenommen.',
  rate_limited: 'Das waren zu viele Anfragen. Versuchen Sie es gleich noch einmal.',
  internal: 'Der Server hat einen Fehler gemacht.',
  unavailable: 'Der Server kann das gerade nicht. Versuchen Sie es gleich noch einmal.',
  overloaded: 'Der Server hat gerade zu viel zu tun. Versuchen Sie es gleich noch einmal.',

  function_not_found: 'Diese Funktion gibt es nicht, oder nicht mehr.',
  function_not_deployed: 'Diese Funktion ist nicht in Betrieb.',
  function_name_taken: 'Eine andere Funktion heißt schon so.',
  function_deployed: 'Das geht nicht, solange die Funktion in Betrieb ist.',
  function_changed_meanwhile: 'Jemand anders hat diese Funktion inzwischen geändert.',
  function_limit_reached: 'Mehr Funktionen dürfen es für dieses Ereignis nicht sein.',
  function_skills_overlap: 'Eine andere Funktion dieses Ereignisses gilt schon für diese Skills.',
  function_deploying: 'Diese Funktion wird gerade ausgerollt.',
  function_source_invalid: 'Der Quelltext hat einen Fehler.',
  environment_name_reserved: 'Dieser Name gehört der Plattform.',
  version_not_found: 'Diese Version gibt es nicht, oder nicht mehr.',
  deployment_failed: 'Das Ausrollen ist fehlgeschlagen.',
  functions_disabled: 'Funktionen sind für dieses Konto ausgeschaltet.',
  deployment_required: 'Die Funktion muss zuerst ausgerollt werden.',

  secret_not_found: 'Dieses Geheimnis gibt es nicht, oder nicht mehr.',
  secret_limit_reached: 'Mehr Geheimnisse dürfen es nicht sein.',
  secret_exists: 'Ein Geheimnis dieses Namens gibt es schon.',
  secret_too_large: 'Der Wert ist zu groß.',
  secret_changed_meanwhile: 'Jemand anders hat dieses Geheimnis inzwischen geändert.',
  domain_not_found: 'Diese Domain steht nicht, oder nicht mehr, auf der Liste.',
  domain_limit_reached: 'Mehr erlaubte Domains dürfen es nicht sein.',
  domain_exists: 'Diese Domain ist schon erlaubt.',
  schedule_not_found: 'Diesen Zeitplan gibt es nicht, oder nicht mehr.',
  schedule_limit_reached: 'Mehr Zeitpläne dürfen es nicht sein.',
  replay_job_running: 'Eine Wiederholung läuft schon.',

  function_failed: 'Die Funktion ist fehlgeschlagen.',
  function_crashed: 'Die Funktion ist abgestürzt.',
  function_timed_out: 'Die Funktion hat zu lange gebraucht.',
  sandbox_unavailable: 'Gerade ist kein Platz, um die Funktion auszuführen.',

  conversation_not_found: 'Dieses Gespräch gibt es nicht, oder nicht mehr.',
  conversation_closed: 'Dieses Gespräch ist schon zu Ende.',
  conversation_busy: 'An diesem Gespräch ändert sich gerade zu viel. Versuchen Sie es noch einmal.',
  agent_busy: 'Dieser Agent hat keinen Platz frei.',
  not_participant: 'Sie nehmen an diesem Gespräch nicht teil.',
  chats_disabled: 'Live-Chats sind für dieses Konto ausgeschaltet.',
  chat_not_found: 'Diesen Chat gibt es nicht, oder nicht mehr.',
  chat_not_waiting: 'Dieser Chat wartet nicht mehr.',
  chat_ended: 'Dieser Chat ist schon zu Ende.',

  mail_not_found: 'Diese Mail gibt es nicht, oder nicht mehr.',
  mail_not_waiting: 'Diese Mail wartet nicht mehr.',
  mail_changed_meanwhile: 'Diese Mail hat sich inzwischen geändert.',
}

/** What a code means in the language of the user; nothing where the server's own words are to be read. */
export function meaningOf(code: string): string | undefined {
  return language === 'de' ? (GERMAN as Record<string, string | undefined>)[code] : undefined
}
