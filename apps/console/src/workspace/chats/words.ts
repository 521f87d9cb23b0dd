import { spoken } from '../../studio/words/index.ts'

/** What the workspace says of live chats. */
export const chatWords = spoken({
  en: {
    name: 'Live chat',
    noEarlier: 'No earlier live chat of this visitor is known.',
    waits: (seconds: number) => `waits for ${seconds} s`,
    moreWaiting: (count: number) =>
      count === 1 ? '1 more live chat waits.' : `${count} more live chats wait.`,
    accepted: (name: string) => `${name} joined the chat`,
    joined: (name: string) => `${name} joined as a manager`,
    left: (name: string) => `${name} left`,
    transferred: (name: string, to: string) => `${name} passed the chat to ${to}`,
    endedBy: {
      AGENT: 'The chat was ended by the agent',
      CONSUMER: 'The chat was ended by the consumer',
      SYSTEM: 'The chat has ended',
    },
    endedFor: {
      silence: 'The chat ended: nobody wrote any more',
      'not-taken': 'The chat ended: nobody took it',
    },
    closeTitle: 'End this chat?',
    closeText:
      'The consumer can no longer write in it. The survey of live chats follows, if there is one.',
  },
  de: {
    name: 'Live-Chat',
    noEarlier: 'Kein früherer Live-Chat dieses Besuchers ist bekannt.',
    waits: (seconds: number) => `wartet seit ${seconds} s`,
    moreWaiting: (count: number) =>
      count === 1 ? '1 weiterer Live-Chat wartet.' : `${count} weitere Live-Chats warten.`,
    accepted: (name: string) => `${name} ist im Chat`,
    joined: (name: string) => `${name} kam als Leitung dazu`,
    left: (name: string) => `${name} ist gegangen`,
    transferred: (name: string, to: string) => `${name} hat den Chat an ${to} übergeben`,
    endedBy: {
      AGENT: 'Der Agent hat den Chat beendet',
      CONSUMER: 'Der Kunde hat den Chat beendet',
      SYSTEM: 'Der Chat ist beendet',
    },
    endedFor: {
      silence: 'Der Chat ist beendet: Niemand schrieb mehr',
      'not-taken': 'Der Chat ist beendet: Niemand nahm ihn an',
    },
    closeTitle: 'Diesen Chat beenden?',
    closeText:
      'Der Kunde kann darin nicht mehr schreiben. Die Umfrage für Live-Chats folgt, wenn es eine gibt.',
  },
})
