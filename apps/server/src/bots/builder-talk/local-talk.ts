import type { BotExport } from '@parley/contract'
import { allowsHost } from '#faas/function-config'
import { openLogger, ParleyError, randomIds, systemClock, systemMonotonic } from '#base/kernel'
import {
  type ConversationFacts,
  type DialogState,
  newDialogState,
  openBuilderBot,
  takeTurn,
  type TurnResult,
} from '#bots/builder-dialog'
import { openSandbox, prepareSandbox } from '#faas/sandbox'
import { type CannedAnswers, withCannedAnswers } from './canned-answers.ts'
import { memoryContext } from './memory-context.ts'
import { openBotSandbox } from './open-bot-sandbox.ts'

export interface LocalTalkOptions {
  /** Where the sandbox keeps what it has built. */
  cacheDir: string
  accountId: string
  answers: CannedAnswers
  /** Hosts that HTTP integrations may call. */
  allowed: readonly string[]
  /** `host:port` on this machine or in a private network that they may call, too. */
  privateTargets: readonly string[]
  facts?: Partial<ConversationFacts>
  codeMs?: number
}

/** A conversation with a bot on this machine, without a server. */
export interface LocalTalk extends AsyncDisposable {
  say(text: string, intent?: string): Promise<Omit<TurnResult, 'state'>>
  /** Whether the bot has closed the conversation or handed it over. */
  hasEnded(): boolean
}

const NO_SERVER = 'needs a server; give it a canned answer'

/** Opens the sandbox and talks to the bot of an export in it. */
export async function openLocalTalk(
  file: BotExport,
  options: LocalTalkOptions,
): Promise<LocalTalk> {
  const { accountId, allowed, answers, cacheDir, codeMs, privateTargets } = options
  const opened = new AsyncDisposableStack()
  const logger = opened.use(openLogger('warn'))
  const base = { logger, clock: systemClock(), monotonic: systemMonotonic(), ids: randomIds() }
  const prepared = opened.use(
    await prepareSandbox(base, {
      cacheDir,
      egressPrivate: privateTargets,
      limits: { warmPool: 1 },
    }),
  )
  const sandbox = opened.use(
    openSandbox({
      ...base,
      prepared,
      ports: {
        internal: () => undefined,
        allowed: (_accountId, host) => allowsHost(allowed, host),
        readSecret: refuse,
        updateSecret: refuse,
        platformCall: refuse,
        // The turn says so.
        refused: () => undefined,
      },
    }),
  )
  const bot = openBuilderBot(file)
  const context = memoryContext()
  const facts: ConversationFacts = {
    accountId,
    botId: file.bot.id,
    conversationId: base.ids.uuid(),
    consumerId: base.ids.uuid(),
    channel: 'lp_web',
    ...options.facts,
  }
  let state: DialogState = newDialogState()
  return {
    async say(text, intent) {
      const bots = { accountId, botId: file.bot.id, revision: '1' }
      const inSandbox = openBotSandbox(
        { sandbox, monotonic: base.monotonic },
        { ...bots, ...(codeMs !== undefined && { codeMs }) },
      )
      const integrations = withCannedAnswers(answers, {
        callHttp: inSandbox.callHttp,
        callFunction: async () => ({ failed: `a function ${NO_SERVER}` }),
      })
      const outside = { ...inSandbox, ...integrations, ...context, random: Math.random }
      const { state: after, ...result } = await takeTurn({ bot, facts, outside }, state, {
        text,
        intent,
      })
      state = after
      return result
    },
    hasEnded: () => state.ended === true,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new ParleyError('not_supported', 'Code of a bot has no toolbelt'))
}
