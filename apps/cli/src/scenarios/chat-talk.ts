import { call } from '@parley/client'
import {
  acceptChat,
  type Chat,
  type ChatEntry,
  endChat,
  endConsumerChat,
  getChat,
  listInvocations,
  startConsumerChat,
  submitChatSurvey,
  writeAgentLine,
  writeConsumerLine,
} from '@parley/contract'
import type * as z from 'zod'
import { ScenarioFailure } from './failure.ts'
import type { StepArguments } from './schema.ts'
import type { Run, SaidMessage } from './timeline.ts'
import type { World } from './world.ts'

/** One scenario's live chat while it runs. */
export interface ChatTalk {
  readonly isOpened: boolean
  visitor: {
    opens(opening: StepArguments['visitor opens chat']): Promise<void>
    says(text: string): Promise<void>
    closes(): Promise<void>
    answers(survey: StepArguments['visitor answers survey']): Promise<void>
  }
  agent: {
    accepts(): Promise<void>
    says(text: string): Promise<void>
    closes(): Promise<void>
  }
  /** As the administrator sees it. */
  read(): Promise<{ chat: Chat; lines: SaidMessage[] }>
  /** What ran for it, the oldest first. */
  runs(): Promise<Run[]>
  /** Ends a chat that goes on: later scenarios have nothing to do with it. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Of one chat: more than a scenario has. */
const MAX_RUNS = 500

export function openChatTalk(world: World): ChatTalk {
  const { url, accountId } = world.session
  let opened: { chatId: string; token: string } | undefined

  function params(): { chatId: string } {
    if (opened) return { chatId: opened.chatId }
    throw new ScenarioFailure('There is no chat yet: "visitor opens chat" must come before')
  }
  const visitor = () => ({ url, accountId, bearer: opened?.token ?? '' })

  async function read(): Promise<{ chat: Chat; lines: SaidMessage[] }> {
    const { chatId } = params()
    const entries: ChatEntry[] = []
    let from: number | undefined
    let chat: Chat
    do {
      const query = from === undefined ? {} : { from }
      const page: z.output<typeof getChat.reply> = await call(world.session, getChat, {
        params: { chatId },
        query,
      })
      entries.push(...page.entries)
      chat = page.chat
      from = page.nextFrom
    } while (from !== undefined)
    return { chat, lines: entries.flatMap(lineOf) }
  }

  return {
    get isOpened() {
      return opened !== undefined
    },
    read,
    async runs() {
      const query = { conversationId: params().chatId, limit: MAX_RUNS }
      return (await call(world.session, listInvocations, { query })).invocations
    },
    visitor: {
      async opens(opening) {
        if (opened) throw new ScenarioFailure('The chat is open already')
        const { skill, says, ...more } = opening ?? {}
        const body = {
          skillId: world.skillId(skill),
          ...more,
          ...(says !== undefined && { text: says }),
        }
        const { token, chat } = await call({ url, accountId }, startConsumerChat, { body })
        opened = { chatId: chat.chatId, token }
      },
      async says(text) {
        await call(visitor(), writeConsumerLine, { params: params(), body: { text } })
      },
      async closes() {
        await call(visitor(), endConsumerChat, { params: params() })
      },
      async answers({ csat, answers = {} }) {
        const body = {
          ...(csat !== undefined && { csatRank: csat }),
          answers: Object.entries(answers).map(([questionId, answer]) => ({ questionId, answer })),
        }
        await call(visitor(), submitChatSurvey, { params: params(), body })
      },
    },
    agent: {
      async accepts() {
        await call(await world.chatAgent(), acceptChat, { params: params() })
      },
      async says(text) {
        await call(await world.chatAgent(), writeAgentLine, { params: params(), body: { text } })
      },
      async closes() {
        await call(await world.chatAgent(), endChat, { params: params() })
      },
    },
    async [Symbol.asyncDispose]() {
      if (!opened || (await read()).chat.stage === 'ended') return
      await call(visitor(), endConsumerChat, { params: params() })
    },
  }
}

function lineOf(entry: ChatEntry): SaidMessage[] {
  if (entry.type !== 'line') return []
  const from = entry.by === 'AGENT' ? 'agent' : 'visitor'
  return [{ at: Date.parse(entry.at), from, text: entry.text }]
}
