import { spoken } from '../words/index.ts'

/** What is said around a conversation that is only tried out. */
export const talkWords = spoken({
  en: {
    say: 'Say something',
    send: 'Send',
    again: 'Start again',
    answers: 'Quick replies',
    you: 'You',
    bot: 'Bot',
    busy: 'The bot thinks …',
    picture: (words: string) => (words === '' ? 'Picture' : `Picture: ${words}`),
  },
  de: {
    say: 'Etwas sagen',
    send: 'Senden',
    again: 'Von vorn',
    answers: 'Antworten zum Wählen',
    you: 'Sie',
    bot: 'Bot',
    busy: 'Der Bot denkt nach …',
    picture: (words: string) => (words === '' ? 'Bild' : `Bild: ${words}`),
  },
})
