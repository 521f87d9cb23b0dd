import { spoken } from '../words/index.ts'

/** What the dialog of the report by mail says. */
export const reportWords = spoken({
  en: {
    title: 'Report by mail',
    open: 'Report by mail',
    hint: 'Figures of all functions, beside those of the period before. It leaves at 01:00 UTC; a weekly one on Mondays.',
    frequency: 'How often',
    frequencies: { none: 'Never', daily: 'Every day', weekly: 'Every week' },
    recipients: 'Recipients',
    recipientsHint: 'One address in each line. Each gets a mail of its own.',
    next: 'The next one leaves',
    noNext: 'None leaves: it needs a frequency and a recipient.',
    noServer:
      'This server has no mail server (the operator sets PARLEY_SMTP_URL). Reports are kept in the mail outbox.',
    noSender:
      'No sender is known, so that reports are held in the mail outbox. An administrator names one at Live chat and mail, under Transcripts.',
    from: (address: string) => `Its sender is ${address}.`,
    preview: 'The newest report',
    saved: 'The report by mail is saved.',
  },
  de: {
    title: 'Bericht per Mail',
    open: 'Bericht per Mail',
    hint: 'Kennzahlen aller Funktionen, neben denen der Zeit davor. Er geht um 01:00 UTC ab; ein wöchentlicher am Montag.',
    frequency: 'Wie oft',
    frequencies: { none: 'Nie', daily: 'Jeden Tag', weekly: 'Jede Woche' },
    recipients: 'Empfänger',
    recipientsHint: 'Eine Adresse je Zeile. Jede bekommt eine eigene Mail.',
    next: 'Der nächste geht ab:',
    noNext: 'Keiner geht ab: Dazu braucht es eine Häufigkeit und einen Empfänger.',
    noServer:
      'Dieser Server hat keinen Mailserver (der Betreiber setzt PARLEY_SMTP_URL). Berichte bleiben im Postausgang.',
    noSender:
      'Kein Absender ist bekannt, darum bleiben Berichte im Postausgang. Ein Administrator nennt einen bei Live-Chat und Mail, unter Mitschriften.',
    from: (address: string) => `Der Absender ist ${address}.`,
    preview: 'Der neueste Bericht',
    saved: 'Der Bericht per Mail ist gespeichert.',
  },
})
