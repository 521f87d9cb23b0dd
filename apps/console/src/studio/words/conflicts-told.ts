import type { Told } from './told.ts'

/** What does not go with what there is, where the code says no more than that. */
export const CONFLICTS: Told = [
  ['body.currentPassword: is wrong', 'Das jetzige Passwort stimmt nicht.'],
  ['The password was changed meanwhile', 'Das Passwort wurde inzwischen geändert.'],
  [
    'The account must keep an enabled administrator',
    'Das Konto braucht mindestens einen Administrator, der sich anmelden kann.',
  ],
  ['"{}" is a bot: invite people', '„{}“ ist ein Bot: Eingeladen werden Menschen.'],
  ['"{}" is disabled', '„{}“ ist abgeschaltet.'],
  ['There is an account "{}" already', 'Das Konto „{}“ gibt es schon.'],
  [
    '{} older secrets of this application are still accepted; send "revoke": true to end them',
    'Noch gelten {} ältere Geheimnisse dieser Anwendung: Beenden Sie diese zuerst.',
  ],
  [
    'the secret of this application was made by version 0.1.0, which could not sign; make a new one first, by POST …/clients/{}/secret',
    'Das Geheimnis dieser Anwendung ist zu alt zum Signieren: Machen Sie zuerst ein neues.',
  ],
  ['There is another application "{}"', 'Es gibt schon eine andere Anwendung „{}“.'],
  ['There is another API key "{}"', 'Es gibt schon einen anderen API-Schlüssel „{}“.'],
  ['There is another connector "{}"', 'Es gibt schon einen anderen Connector „{}“.'],
  ['There is another schedule "{}"', 'Es gibt schon einen anderen Zeitplan „{}“.'],
  [
    'There is another survey with the appInstallId "{}"',
    'Eine andere Umfrage hat schon die appInstallId „{}“.',
  ],
  [
    'The bot "{}" is there already, as "{}" ({}): replace its export',
    'Den Bot „{}“ gibt es schon, als „{}“ ({}): Ersetzen Sie seinen Export.',
  ],
  [
    'The bot "{}" was imported meanwhile: try again',
    'Der Bot „{}“ wurde inzwischen importiert: Versuchen Sie es noch einmal.',
  ],
  [
    'This server runs the bot: start or stop it instead',
    'Diesen Bot betreibt der Server: Starten oder stoppen Sie ihn stattdessen.',
  ],
  [
    'This server runs the bot: delete the bot instead of its user',
    'Diesen Bot betreibt der Server: Löschen Sie statt des Benutzers den Bot.',
  ],
  [
    'The user of the bot is disabled, or handles no conversations: change that first',
    'Der Benutzer des Bots ist deaktiviert oder bearbeitet keine Gespräche: Ändern Sie das zuerst.',
  ],
  ['Agent "{}" is not there', 'Der Agent „{}“ ist nicht da.'],
  ['The bot has 1 open conversation', 'Der Bot führt noch ein offenes Gespräch.'],
  ['The bot has {} open conversations', 'Der Bot führt noch offene Gespräche: {#}.'],
  [
    'body.state is not the state of an answer before',
    'Dieses Gespräch lässt sich nicht fortsetzen: Fangen Sie neu an.',
  ],
  [
    'Commands of this event were applied already, by the run "{}"',
    'Befehle dieses Ereignisses sind schon ausgeführt, durch den Lauf „{}“.',
  ],
  [
    'Its event is still tried: wait until its last attempt is over',
    'Das Ereignis wird noch versucht: Warten Sie, bis der letzte Versuch vorbei ist.',
  ],
  [
    'The run "{}" was not for an event of a conversation',
    'Der Lauf „{}“ gehört zu keinem Ereignis eines Gesprächs.',
  ],
  ['Invocation "{}" cannot be replayed: {}', 'Der Lauf „{}“ lässt sich nicht wiederholen: {}'],
  [
    'Replay job "{}" {}: there is nothing to resume',
    'An dieser Wiederholung ist nichts fortzusetzen.',
  ],
  [
    'Nothing that fits is recorded: there is no run that could be replayed',
    'Aufgezeichnet ist nichts, das passt: Es gibt keinen Lauf, der sich wiederholen lässt.',
  ],
  [
    'A function may have {} saved payloads of one author, and as many for all: delete one first',
    'Eine Funktion hat höchstens {} eigene Eingaben und ebenso viele für alle: Löschen Sie zuerst eine.',
  ],
  ['Timer "{}" of "{}" is armed again already', 'Dieser Zeitgeber ist schon neu gestellt.'],
  [
    'Nothing is due later in this account: no timer is armed',
    'In diesem Konto steht nichts mehr an.',
  ],
  ['The conversation has an assigned agent', 'Dieses Gespräch führt schon jemand.'],
  ['The conversation has no assigned agent', 'Dieses Gespräch führt niemand.'],
  ['Agent "{}" is a participant already', 'Der Agent nimmt schon teil.'],
  ['Agent "{}" is not the assigned agent', 'Der Agent führt dieses Gespräch nicht.'],
  ['Ring "{}" is {}', 'Dieses Angebot gilt nicht mehr.'],
  ['At most {} managers join a chat', 'Höchstens {} nehmen zugleich an einem Chat teil.'],
  [
    'Only an assigned agent can be suggested',
    'Vorschlagen lässt sich nur, wer das Gespräch führen kann.',
  ],
  ['The role {} cannot be given or taken', 'Die Rolle {} lässt sich nicht geben oder nehmen.'],
  ['A live chat has no time to respond', 'Ein Live-Chat hat keine Antwortzeit.'],
  ['A CUSTOM response time needs a value', 'Die Antwortzeit fehlt.'],
  ['Files of type "{}" cannot be sent', 'Dateien der Art „{}“ lassen sich nicht senden.'],
  [
    "The account's consumers have no room for more files",
    'Für Dateien von Kunden hat das Konto keinen Platz mehr.',
  ],
  [
    'Event "{}" allows one deployed function without skills, and "{}" is deployed: undeploy it first, or give one of them skills',
    'Für das Ereignis „{}“ darf eine Funktion ohne Skills in Betrieb sein, und „{}“ ist es: Nehmen Sie diese zuerst außer Betrieb, oder geben Sie einer von beiden Skills.',
  ],
  [
    'Event "{}" allows {} deployed functions, and {} are deployed: undeploy one of them first',
    'Für das Ereignis „{}“ dürfen {#} Funktionen in Betrieb sein, und {#} sind es: Nehmen Sie zuerst eine davon außer Betrieb.',
  ],
  [
    'The account may have {} deployed functions, it has {}',
    'Das Konto darf {#} Funktionen in Betrieb haben, es hat {#}.',
  ],
  [
    'The account may have {} functions, it has {}',
    'Das Konto darf {#} Funktionen haben, es hat {#}.',
  ],
  ['{} no room for more files', 'Für weitere Dateien ist kein Platz mehr.'],
]
