import type { Talk } from './talk.ts'
import { readConversation, type Run, type SaidMessage } from './timeline.ts'

interface Read {
  messages: SaidMessage[]
  runs: Run[]
}

/** What was said and what ran, the oldest first: in the conversation, in the live chat, or in both. */
export async function readBoth({ world, chat, isOpened, conversation }: Talk): Promise<Read> {
  const read: Read = { messages: [], runs: [] }
  if (isOpened || !chat.isOpened) {
    const { messages, runs } = await readConversation(world, conversation().conversationId)
    read.messages.push(...messages)
    read.runs.push(...runs)
  }
  if (chat.isOpened) {
    read.messages.push(...(await chat.read()).lines)
    read.runs.push(...(await chat.runs()))
  }
  read.messages.sort((one, another) => one.at - another.at)
  read.runs.sort((one, another) => Date.parse(one.startedAt) - Date.parse(another.startedAt))
  return read
}
