import { spoken } from '../words/index.ts'

/** What the page of the account says. */
export const accountWords = spoken({
  en: {
    title: 'Account',
    name: 'Name of the company',
    nameHint: 'In the console and in reports; the account’s id where it is empty.',
    timeZone: 'Time zone',
    timeZoneHint:
      'Of times in transcripts, of the days of survey results, and of schedules that name none.',
    language: 'Language of mails',
    languageHint: 'Of transcripts and of the report of functions.',
    functions: 'Functions run',
    functionsHint: 'Without them, events and callers reach no function of this account.',
    bot: 'Controller Bot',
    botHint: 'Sends automatic messages and asks functions about what happens in conversations.',
    transfers: 'Functions transfer to agents',
    transfersHint: 'Without it they transfer to skills only.',
    types: 'Types are checked at deployment',
    typesHint: 'A source with problems of its types is not deployed; saving it only warns.',
    dialect: 'Dialect of published clients',
    dialectHint:
      'The command line and the functions client speak it, as the look-up of services tells them.',
    saved: 'Saved. It applies from now on.',
  },
  de: {
    title: 'Konto',
    name: 'Name des Unternehmens',
    nameHint: 'In der Konsole und in Berichten; ist er leer, steht dort die Nummer des Kontos.',
    timeZone: 'Zeitzone',
    timeZoneHint:
      'Der Zeiten in Chatverläufen, der Tage von Umfrageergebnissen und von Zeitplänen, die keine nennen.',
    language: 'Sprache der Mails',
    languageHint: 'Der Chatverläufe und des Berichts über die Funktionen.',
    functions: 'Funktionen laufen',
    functionsHint: 'Sonst erreichen Ereignisse und Aufrufer keine Funktion dieses Kontos.',
    bot: 'Controller Bot',
    botHint:
      'Er sendet automatische Nachrichten und fragt Funktionen zu dem, was in Gesprächen geschieht.',
    transfers: 'Funktionen übergeben an Agenten',
    transfersHint: 'Sonst übergeben sie nur an Skills.',
    types: 'Typen werden beim Ausrollen geprüft',
    typesHint:
      'Ein Quelltext mit Fehlern in seinen Typen wird nicht ausgerollt; beim Speichern warnen sie nur.',
    dialect: 'Dialekt veröffentlichter Clients',
    dialectHint:
      'Ihn sprechen die Kommandozeile und der Client für Funktionen, wie es ihnen die Suche nach Diensten sagt.',
    saved: 'Gespeichert. Es gilt ab jetzt.',
  },
})
