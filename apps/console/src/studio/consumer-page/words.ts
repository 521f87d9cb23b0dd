import type { ConsumerPage } from '@parley/contract'
import { spoken } from '../words/index.ts'

type Hours = ConsumerPage['hours']
const whenOf = (at: string, locale: string): string =>
  new Date(at).toLocaleString(locale, { weekday: 'long', hour: '2-digit', minute: '2-digit' })

/** What the page of the consumer page's look says. */
export const lookWords = spoken({
  en: {
    title: 'Consumer page',
    readOnly: 'You may look at this, but not change it.',
    saved: 'Saved. Pages that are opened from now on look like this.',
    look: 'Look',
    accent: 'Colour on light pages',
    accentDark: 'Colour on dark pages',
    choose: (label: string) => `${label}: choose`,
    contrastOf: (label: string) => `${label}: contrast`,
    letters: (areWhite: boolean, ratio: string) =>
      `${areWhite ? 'White' : 'Black'} letters on it: ${ratio} : 1`,
    seen: (ratio: string) => `Stands out from the page: ${ratio} : 1`,
    notSeen: (ratio: string) => `Hardly stands out from the page: ${ratio} : 1, buttons need 3 : 1`,
    noText: 'Too weak for text: links take the colour of the text',
    noColour: 'Must be a colour such as #0b57a4',
    scheme: 'Light or dark',
    schemes: { auto: 'As the consumer’s system', light: 'Always light', dark: 'Always dark' },
    position: 'Corner of your page',
    positions: { end: 'Where lines end', start: 'Where lines begin' },
    logo: 'Logo',
    logoHint: 'Address of a square picture, over https',
    languages: { en: 'English', de: 'German' },
    textsIn: (language: string) => `Texts in ${language}`,
    texts: {
      title: 'Title',
      greeting: 'Greeting, before the first message',
      closed: 'Outside of the opening hours',
      answerTime: 'When an answer may be expected',
      launcher: 'On the button in the corner',
    },
    may: 'What consumers may do',
    files: 'Send files',
    filesHint: 'Switched off, the server takes no files of consumers, whatever client sends them.',
    transcript: 'Save what was said as a file',
    sites: 'Sites that may embed the page',
    sitesHint: 'One in each line, such as https://shop.example. Empty: any site.',
    dropChanges: 'Drop changes',
    preview: 'Preview',
    language: 'Language',
    corner: 'As a button in the corner',
    whileClosed: 'Outside of the opening hours',
    withMessages: 'With messages',
    said: {
      en: {
        consumer: 'Hello, where is my parcel?',
        automatic: 'Welcome! How can we help you?',
        agent: 'It is on its way: you will have it tomorrow.',
      },
      de: {
        consumer: 'Hallo, wo ist mein Paket?',
        automatic: 'Willkommen! Wie können wir helfen?',
        agent: 'Es ist unterwegs und kommt morgen.',
      },
    },
    hours: ({ isOpen, opensAt, closesAt }: Hours, locale: string) =>
      isOpen
        ? closesAt === undefined
          ? 'Open now, at all hours.'
          : `Open now, until ${whenOf(closesAt, locale)}.`
        : opensAt === undefined
          ? 'Closed now.'
          : `Closed now, until ${whenOf(opensAt, locale)}.`,
    toHours: 'Skills and hours',
    tag: 'Tag for your pages',
    tagHint: 'Put it into a page: it brings the button, which opens the window.',
    skill: 'Skill',
    noSkill: 'No skill',
    channel: 'What opens',
    channels: { messaging: 'Messaging', chat: 'Live chat' },
    campaign: 'Campaign',
    engagement: 'Engagement',
    chatNeedsSkill: 'A live chat needs a skill.',
  },
  de: {
    title: 'Kundenseite',
    readOnly: 'Sie dürfen das ansehen, aber nicht ändern.',
    saved: 'Gespeichert. Seiten, die ab jetzt geöffnet werden, sehen so aus.',
    look: 'Aussehen',
    accent: 'Farbe auf hellen Seiten',
    accentDark: 'Farbe auf dunklen Seiten',
    choose: (label: string) => `${label}: wählen`,
    contrastOf: (label: string) => `${label}: Kontrast`,
    letters: (areWhite: boolean, ratio: string) =>
      `${areWhite ? 'Weiße' : 'Schwarze'} Schrift darauf: ${ratio} : 1`,
    seen: (ratio: string) => `Hebt sich von der Seite ab: ${ratio} : 1`,
    notSeen: (ratio: string) =>
      `Hebt sich kaum von der Seite ab: ${ratio} : 1, Knöpfe brauchen 3 : 1`,
    noText: 'Zu schwach für Text: Links bekommen die Farbe des Textes',
    noColour: 'Muss eine Farbe wie #0b57a4 sein',
    scheme: 'Hell oder dunkel',
    schemes: { auto: 'Wie das System des Kunden', light: 'Immer hell', dark: 'Immer dunkel' },
    position: 'Ecke Ihrer Seite',
    positions: { end: 'Wo Zeilen enden', start: 'Wo Zeilen beginnen' },
    logo: 'Logo',
    logoHint: 'Adresse eines quadratischen Bildes, mit https',
    languages: { en: 'Englisch', de: 'Deutsch' },
    textsIn: (language: string) => `Texte auf ${language}`,
    texts: {
      title: 'Titel',
      greeting: 'Begrüßung, vor der ersten Nachricht',
      closed: 'Außerhalb der Öffnungszeiten',
      answerTime: 'Wann mit Antwort zu rechnen ist',
      launcher: 'Auf dem Knopf in der Ecke',
    },
    may: 'Was Kunden dürfen',
    files: 'Dateien senden',
    filesHint:
      'Abgeschaltet nimmt der Server von Kunden keine Dateien, egal welches Programm sie sendet.',
    transcript: 'Den Verlauf als Datei herunterladen',
    sites: 'Seiten, die das Fenster einbetten dürfen',
    sitesHint: 'Eine je Zeile, etwa https://shop.example. Leer: jede.',
    dropChanges: 'Änderungen verwerfen',
    preview: 'Vorschau',
    language: 'Sprache',
    corner: 'Als Knopf in der Ecke',
    whileClosed: 'Außerhalb der Öffnungszeiten',
    withMessages: 'Mit Nachrichten',
    said: {
      en: {
        consumer: 'Hello, where is my parcel?',
        automatic: 'Welcome! How can we help you?',
        agent: 'It is on its way: you will have it tomorrow.',
      },
      de: {
        consumer: 'Hallo, wo ist mein Paket?',
        automatic: 'Willkommen! Wie können wir helfen?',
        agent: 'Es ist unterwegs und kommt morgen.',
      },
    },
    hours: ({ isOpen, opensAt, closesAt }: Hours, locale: string) =>
      isOpen
        ? closesAt === undefined
          ? 'Jetzt offen, zu jeder Stunde.'
          : `Jetzt offen, bis ${whenOf(closesAt, locale)}.`
        : opensAt === undefined
          ? 'Jetzt geschlossen.'
          : `Jetzt geschlossen, bis ${whenOf(opensAt, locale)}.`,
    toHours: 'Skills und Zeiten',
    tag: 'Tag für Ihre Seiten',
    tagHint: 'In eine Seite gesetzt bringt es den Knopf, der das Fenster öffnet.',
    skill: 'Skill',
    noSkill: 'Kein Skill',
    channel: 'Was sich öffnet',
    channels: { messaging: 'Nachrichten', chat: 'Live-Chat' },
    campaign: 'Kampagne',
    engagement: 'Engagement',
    chatNeedsSkill: 'Ein Live-Chat braucht einen Skill.',
  },
})
