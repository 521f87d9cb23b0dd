import type { MailForm } from '#identity/settings'

const en = {
  title: 'Chat transcript',
  consumer: 'Consumer',
  agent: 'Agent',
  agents: 'Agents',
  none: 'none',
  skill: 'Skill',
  started: 'Started',
  ended: 'Ended',
  chat: 'Chat',
  time: (zone: string) => `Time (${zone})`,
  who: 'Who',
  text: 'Text',
  joined: (name: string) => `${name} joined the chat`,
  transferred: (name: string, to: string) => `${name} transferred the chat to ${to}`,
  notTaken: 'No agent took the chat',
  ends: {
    AGENT: 'The agent ended the chat',
    CONSUMER: 'The consumer ended the chat',
    SYSTEM: 'The chat ended because nobody wrote any more',
  },
}

const de: typeof en = {
  title: 'Chatverlauf',
  consumer: 'Kunde',
  agent: 'Agent',
  agents: 'Agenten',
  none: 'keiner',
  skill: 'Skill',
  started: 'Beginn',
  ended: 'Ende',
  chat: 'Chat',
  time: (zone) => `Zeit (${zone})`,
  who: 'Wer',
  text: 'Text',
  joined: (name) => `${name} ist dem Chat beigetreten`,
  transferred: (name, to) => `${name} hat den Chat an ${to} übergeben`,
  notTaken: 'Kein Agent hat den Chat angenommen',
  ends: {
    AGENT: 'Der Agent hat den Chat beendet',
    CONSUMER: 'Der Kunde hat den Chat beendet',
    SYSTEM: 'Der Chat wurde beendet, weil niemand mehr geschrieben hat',
  },
}

/** What transcripts say beside what was said. */
export const transcriptWords: Record<MailForm['language'], typeof en> = { en, de }
