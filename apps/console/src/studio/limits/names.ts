import type { GroupName } from './path.ts'

type Names = Readonly<Record<string, readonly [english: string, german: string]>>

/** What each setting is called, in English and German. One that is not here is shown by its own name. */
export const NAMES: Record<GroupName, Names> = {
  limits: {
    codeCharacters: ['Characters of a source', 'Zeichen eines Quelltextes'],
    executionTimeMs: ['Time of one run', 'Zeit eines Laufs'],
    logEntries: ['Log entries of a run', 'Logzeilen eines Laufs'],
    logCharacters: ['Characters of a run’s log', 'Zeichen im Log eines Laufs'],
    logSearchDays: ['Days that a search of logs covers', 'Tage, die eine Logsuche umfasst'],
    logExportRows: ['Rows of an export of logs', 'Zeilen eines Exports von Logs'],
    outboundRequestsPerSecond: ['Outgoing requests a second', 'Ausgehende Anfragen je Sekunde'],
    invocationsPerSecond: ['Calls from outside a second', 'Aufrufe von außen je Sekunde'],
    environmentVariables: [
      'Environment variables of a function',
      'Umgebungsvariablen einer Funktion',
    ],
    environmentNameCharacters: [
      'Characters of a variable’s name',
      'Zeichen im Namen einer Variablen',
    ],
    environmentValueCharacters: [
      'Characters of a variable’s value',
      'Zeichen im Wert einer Variablen',
    ],
    secrets: ['Secrets', 'Geheimnisse'],
    secretNameCharacters: ['Characters of a secret’s name', 'Zeichen im Namen eines Geheimnisses'],
    secretValueCharacters: ['Characters of a secret', 'Zeichen eines Geheimnisses'],
    contextStoreBytes: ['Bytes of the context store', 'Bytes des Context Store'],
    skillsPerFunction: ['Skills of a function', 'Skills einer Funktion'],
    allowedDomains: ['Allowed domains', 'Erlaubte Domains'],
    schedules: ['Schedules', 'Zeitpläne'],
    schedulePayloadCharacters: [
      'Characters of a schedule’s payload',
      'Zeichen der Eingabe eines Zeitplans',
    ],
    reportRecipients: ['Receivers of the report', 'Empfänger des Berichts'],
    functions: ['Functions', 'Funktionen'],
    deployedFunctions: ['Deployed functions', 'Ausgerollte Funktionen'],
    keptVersions: ['Versions kept of a function', 'Aufgehobene Versionen einer Funktion'],
    keptDeployments: ['Deployments kept of a function', 'Aufgehobene Ausrollungen einer Funktion'],
    invocationsPerMonth: ['Calls a month', 'Aufrufe im Monat'],
    fairUseInvocationsPerMonth: [
      'Calls a month, in reports only',
      'Aufrufe im Monat, nur in Berichten',
    ],
  },
  retention: {
    logDays: ['Logs', 'Logs'],
    metricsDays: ['Metrics and figures', 'Kennzahlen'],
    invocationDays: ['Runs and their recordings', 'Läufe und ihre Aufzeichnungen'],
    activityDays: ['Activity of developers', 'Änderungen der Entwickler'],
    deadLetterDays: ['Work that was given up', 'Aufgegebene Arbeit'],
    versionDays: ['Replaced versions', 'Ersetzte Versionen'],
    profileDays: ['Profiles without a conversation', 'Profile ohne Gespräch'],
    visitorDays: ['What is known of visitors', 'Wissen über Besucher'],
    auditDays: ['The audit', 'Das Protokoll'],
    conversationDays: [
      'Closed conversations, chats and mails',
      'Beendete Gespräche, Chats und Mails',
    ],
  },
  recordings: {
    policy: ['What is recorded', 'Was aufgezeichnet wird'],
    directPerMinute: [
      'Direct successes a minute and function',
      'Direkte Erfolge je Minute und Funktion',
    ],
    maxBytes: [
      'Bytes of an input, result or body',
      'Bytes einer Eingabe, eines Ergebnisses, eines Körpers',
    ],
  },
  messaging: {
    'ttr.URGENT': ['Seconds until an urgent answer', 'Sekunden bis zur dringenden Antwort'],
    'ttr.NORMAL': ['Seconds until an answer', 'Sekunden bis zur Antwort'],
    'ttr.PRIORITIZED': [
      'Seconds until a prioritized answer',
      'Sekunden bis zur bevorzugten Antwort',
    ],
    autoCloseMs: ['Closes what waits for the consumer', 'Beendet, was auf den Kunden wartet'],
    defaultMessageAfterMs: [
      'An automatic message waits for its function',
      'Eine automatische Nachricht wartet auf ihre Funktion',
    ],
    ringMs: ['An agent is rung for', 'Ein Angebot an einen Agenten gilt'],
    suggestionMs: [
      'Only the suggested agent is asked for',
      'Nur der vorgeschlagene Agent wird gefragt für',
    ],
    requestsPerSecond: [
      'Requests a second on one socket',
      'Anfragen je Sekunde an einer Verbindung',
    ],
    accountRequestsPerSecond: [
      'Requests a second of the account and node',
      'Anfragen je Sekunde des Kontos und Knotens',
    ],
    fileBytes: ['Bytes of a file', 'Bytes einer Datei'],
    storedFileBytes: ['Bytes of all files', 'Bytes aller Dateien'],
    consumerFileBytes: ['Bytes of one consumer’s files', 'Bytes der Dateien eines Kunden'],
    conversationFileBytes: [
      'Bytes of one conversation’s files',
      'Bytes der Dateien eines Gesprächs',
    ],
  },
  identity: {
    sessionMs: ['A log-in lasts', 'Eine Anmeldung gilt'],
    appTokenMs: ['A token of an application lasts', 'Ein Token einer Anwendung gilt'],
    consumerTokenMs: ['A token of a consumer lasts', 'Ein Token eines Kunden gilt'],
    signingKeyMs: ['A signing key lasts', 'Ein Signaturschlüssel gilt'],
  },
}
