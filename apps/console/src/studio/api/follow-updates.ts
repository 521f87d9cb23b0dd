import { streamUpdates, Update, type UpdateTopic } from '@parley/contract'
import { noteOf } from '../page-notes.ts'
import { follow } from './follow.ts'
import { queries } from './queries.ts'
import { ServerError } from './server.ts'

/** Changes of one moment are read once. */
const GATHER_MS = 300
/** What costs the server much is read no more often than this, however much changes. */
const REST_MS = 5_000
/** Queries that count all runs of a time, or all that is open, and how long each rests. */
const COSTLY: ReadonlyMap<unknown, number> = new Map([
  ['health', REST_MS],
  ['metrics', REST_MS],
  ['usage', REST_MS],
  ['attention', REST_MS],
  ['figures', REST_MS],
  ['mails', REST_MS],
  ['survey-results', REST_MS],
  ['mail', 1_000],
  ['board', 700],
  ['bot-conversations', 2_000],
  // Any live chat of the account may be meant.
  ['chat-timeline', 700],
])

/** The first parts of the keys of the queries that show a topic. */
const SHOWN_IN: Record<UpdateTopic, readonly string[]> = {
  conversations: [
    'conversations',
    'conversation',
    'timeline',
    'open-conversations',
    'newest-conversation',
    'deliveries',
    'bot-conversations',
    'survey-results',
  ],
  runs: [
    'timeline',
    'chat-timeline',
    'conversation',
    'attention',
    'usage',
    'blocked-calls',
    'deliveries',
    'newer-runs',
    'health',
    'metrics',
  ],
  logs: ['logs-of-run'],
  functions: [
    'functions',
    'versions',
    'payloads',
    'live',
    'agent-commands',
    'activities',
    'environment',
    'attention',
    'usage',
  ],
  deployments: [
    'functions',
    'versions',
    'live',
    'agent-commands',
    'activities',
    'attention',
    'usage',
    'schedules',
    'deployments',
  ],
  schedules: ['schedules', 'schedule-runs', 'activities', 'attention'],
  secrets: ['secrets', 'activities'],
  domains: ['domains', 'blocked-calls', 'activities', 'attention'],
  users: ['users', 'invitations'],
  skills: ['skills'],
  bots: ['attention', 'bots', 'bot-conversations'],
  connectors: ['attention', 'connectors', 'connector-errors'],
  deadLetters: ['dead-letters', 'deliveries', 'attention'],
  agents: [],
  chats: ['conversations', 'chat-timeline', 'deliveries'],
  board: ['board', 'figures'],
  // The consumer page says when it opens again.
  calendars: ['calendars', 'shift-status', 'consumer-page'],
  settings: [
    'canned-answers',
    'settings',
    'kept-data',
    'consumer-page',
    'transcript-settings',
    'report-settings',
    'report-preview',
    'chat-settings',
    'access',
  ],
  automaticMessages: ['automatic-messages'],
  surveys: ['surveys'],
  applications: ['access'],
  // To read a mail is noted in the audit; its list and the counts follow.
  mails: ['mails', 'mail', 'mail-counts', 'chat-timeline'],
  // To read it is noted in it: it is read when somebody asks for it.
  audit: [],
  clock: [],
}

const ALL = Object.values(SHOWN_IN).flat()

/** Events of live chats come by the same stream: a browser has six connections for all tabs. */
const OF_CHATS = new Set<unknown>(['ready', 'resync', 'chat', 'gone', 'typing'])

/** Whether a page would be told the same again: what is being read of it, or copied, is not taken away meanwhile. */
const isFinal = (error: Error | null): boolean =>
  error instanceof ServerError && (error.status === 404 || error.code === 'unfit')

/**
 * Reads again what a page shows as soon as it has changed, until `signal`. A query whose `meta.isHeld` is true is left alone: its
 * reader has paused it.
 * @param onAny gets each event; with it those of live chats come, too
 */
export async function followUpdates(
  accountId: string,
  signal: AbortSignal,
  onAny?: (data: string, type: string | undefined) => void,
): Promise<void> {
  let changed = new Set<string>()

  function refresh(): void {
    const names = changed
    changed = new Set()
    const early = new Map<string, number>()
    void queries.invalidateQueries({
      predicate({ queryKey: [name, account], meta, state }) {
        if (account !== accountId || meta?.['isHeld'] === true || !names.has(String(name))) {
          return false
        }
        // Asked for already: asking anew would throw that answer away, and where answers are slow and changes many, each of them.
        if (state.fetchStatus === 'fetching') {
          early.set(String(name), GATHER_MS)
          return false
        }
        const rest = COSTLY.get(name) ?? 0
        if (Date.now() - state.dataUpdatedAt >= rest) return true
        early.set(String(name), rest)
        return false
      },
    })
    for (const [name, rest] of early) setTimeout(() => note([name]), rest)
  }
  function note(names: readonly string[]): void {
    if (changed.size === 0 && names.length > 0) setTimeout(refresh, GATHER_MS)
    for (const name of names) changed.add(name)
  }

  /** What could not be read may be readable now that the server answers. */
  function readFailed(): void {
    void queries.invalidateQueries({
      predicate: ({ queryKey: [, account], state: { status, error } }) =>
        account === accountId && status === 'error' && !isFinal(error),
    })
  }

  /** All that the page shows was read later, by the server's time, or the server has told of its changes until then. */
  let after = noteOf('now')

  await follow(
    accountId,
    streamUpdates,
    () => ({ after, ...(onAny && { chats: 'true' }) }),
    {
      // Who waits for chats is alerted while another tab is looked at.
      isForUnseen: onAny !== undefined,
      onOpen: () => undefined,
      onEvent(data, type, id) {
        onAny?.(data, type)
        if (type === 'ready') readFailed()
        else if (!OF_CHATS.has(type)) {
          const update = Update.safeParse(JSON.parse(data))
          // What this page does not know of may have changed, too.
          note(update.success ? SHOWN_IN[update.data.topic] : ALL)
        }
        if (id !== undefined) after = id
      },
      onLost: () => undefined,
    },
    signal,
  )
}
