import { spoken } from './index.ts'

type Scopes = readonly { name: string; keys: readonly (readonly [string, string])[] }[]

/** Of the palette and of the list of keys. Ctrl is ⌘ on a Mac. */
export const keyWords = spoken<{
  palette: string
  find: string
  nothing: string
  more: (functions: number) => string
  actions: string
  noActions: string
  letters: string
  close: string
  scopes: Scopes
}>({
  en: {
    palette: 'Go to',
    find: 'Page or function',
    nothing: 'Nothing has that name.',
    more: (functions) => `${functions} more functions: write a part of the name.`,
    actions: 'What this page does',
    noActions: 'There is nothing to do here.',
    letters: 'Keys of one letter are on',
    close: 'Close',
    scopes: [
      {
        name: 'Everywhere',
        keys: [
          ['Ctrl+K', 'Go to a page or a function'],
          ['Ctrl+J', 'What the page does, each with a letter'],
          ['/', 'To the filter of the page'],
          ['?', 'These keys'],
          ['Esc', 'Close what stands on top'],
        ],
      },
      {
        name: 'Lists and timelines',
        keys: [
          ['↓ j', 'Next line'],
          ['↑ k', 'Line before'],
          ['PgDn PgUp', 'A page on, a page back'],
          ['Home End', 'First, last'],
          ['Enter', 'Open'],
          ['Space', 'Logs: hold, or go on'],
        ],
      },
      {
        name: 'Editor',
        keys: [
          ['Ctrl+S', 'Save'],
          ['Ctrl+Enter', 'Run the draft'],
          ['Ctrl+Space', 'Complete; again: what is known of it'],
          ['F1', 'All commands of the code editor'],
          ['F12', 'To the definition'],
          ['F2', 'Rename'],
          ['Shift+Alt+F', 'Format'],
          ['Ctrl+M', 'Tab leaves the code editor, or stays'],
          ['F7 Shift+F7', 'Comparison: next, previous change'],
        ],
      },
    ],
  },
  de: {
    palette: 'Gehe zu',
    find: 'Seite oder Funktion',
    nothing: 'Nichts gefunden.',
    more: (functions) => `${functions} weitere Funktionen: einen Teil des Namens schreiben.`,
    actions: 'Was diese Seite tut',
    noActions: 'Hier ist nichts zu tun.',
    letters: 'Tasten aus einem Buchstaben gelten',
    close: 'Schließen',
    scopes: [
      {
        name: 'Überall',
        keys: [
          ['Strg+K', 'Zu einer Seite oder Funktion'],
          ['Strg+J', 'Was die Seite tut, je mit einem Buchstaben'],
          ['/', 'Zum Filter der Seite'],
          ['?', 'Diese Tasten'],
          ['Esc', 'Schließt, was oben liegt'],
        ],
      },
      {
        name: 'Listen und Zeitachsen',
        keys: [
          ['↓ j', 'Nächste Zeile'],
          ['↑ k', 'Zeile davor'],
          ['Bild↓ Bild↑', 'Eine Seite weiter, zurück'],
          ['Pos1 Ende', 'Erste, letzte'],
          ['Enter', 'Öffnen'],
          ['Leertaste', 'Logs: anhalten oder weiter'],
        ],
      },
      {
        name: 'Editor',
        keys: [
          ['Strg+S', 'Speichern'],
          ['Strg+Enter', 'Entwurf ausführen'],
          ['Strg+Leertaste', 'Vervollständigen; noch einmal: was bekannt ist'],
          ['F1', 'Alle Befehle des Editors'],
          ['F12', 'Zur Definition'],
          ['F2', 'Umbenennen'],
          ['Umschalt+Alt+F', 'Formatieren'],
          ['Strg+M', 'Tab verlässt den Editor oder bleibt'],
          ['F7 Umschalt+F7', 'Vergleich: nächste, vorige Änderung'],
        ],
      },
    ],
  },
})
