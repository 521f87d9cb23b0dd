import type { SharedChatEntry } from '@parley/contract'
import type { TranscriptChat } from './transcript-chat.ts'

/** One entry as its readers see it. Entries of the system have no `who`. */
export interface TranscriptLine {
  at: string
  who?: string
  text: string
}

const ENDS = {
  AGENT: 'The agent ended the chat',
  CONSUMER: 'The consumer ended the chat',
  SYSTEM: 'The chat ended because nobody wrote any more',
}

export function headLines(chat: TranscriptChat): { label: string; value: string }[] {
  const { chatId, skillName, agentNames, consumerName, startedAt, endedAt } = chat
  const agents = agentNames.length > 0 ? agentNames.join(', ') : 'none'
  return [
    { label: 'Consumer', value: consumerName },
    { label: agentNames.length > 1 ? 'Agents' : 'Agent', value: agents },
    { label: 'Skill', value: skillName },
    { label: 'Started', value: `${clockTime(startedAt)} UTC` },
    ...(endedAt === undefined ? [] : [{ label: 'Ended', value: `${clockTime(endedAt)} UTC` }]),
    { label: 'Chat', value: chatId },
  ].map(({ label, value }) => ({ label, value: printable(value) }))
}

export function transcriptLine(entry: SharedChatEntry): TranscriptLine {
  const at = clockTime(Date.parse(entry.at))
  switch (entry.type) {
    case 'line':
      return { at, who: printable(entry.name), text: printable(entry.text) }
    case 'accepted':
      return { at, text: printable(`${entry.name} joined the chat`) }
    case 'transferred': {
      const { name, toName, skillName } = entry
      return { at, text: printable(`${name} transferred the chat to ${toName ?? skillName}`) }
    }
    case 'ended':
      return { at, text: entry.reason === 'not-taken' ? 'No agent took the chat' : ENDS[entry.by] }
  }
}

function clockTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}

/** One form of line break, and no character that a mail cannot carry or that changes the direction of the text around it. */
function printable(text: string): string {
  return (
    text
      .replaceAll(/\r\n?|\u0085|\u2028|\u2029/g, '\n')
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD')
  )
}
