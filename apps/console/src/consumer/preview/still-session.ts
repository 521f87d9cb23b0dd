import type { Session } from '../session.ts'
import { type Entry, INITIAL, type State } from '../state.ts'
import { transcriptOf } from '../transcript.ts'
import type { PreviewLine } from './scene.ts'

const DIALOG = 'preview'
const ROLES = { consumer: 'CONSUMER', automatic: 'CONTROLLER', agent: 'ASSIGNED_AGENT' } as const

/** A session that asks no server: what is written in it stays in the page. */
export function openStillSession(): Session & { show(lines: readonly PreviewLine[]): void } {
  const listeners = new Set<() => void>()
  const startedAt = Date.now()
  let state: State = { ...INITIAL, connection: 'open' }

  function change(part: Partial<State>): void {
    state = { ...state, ...part }
    for (const listener of listeners) listener()
  }
  function entryOf({ by, text }: PreviewLine, sequence: number): Entry {
    const content = { kind: 'text' as const, text }
    const role = ROLES[by]
    const key = `${sequence} ${text}`
    return { key, dialogId: DIALOG, sequence, role, at: startedAt, content, quickReplies: [] }
  }
  function show(lines: readonly PreviewLine[]): void {
    const entries = lines.map(entryOf)
    const dialog = { dialogId: DIALOG, dialogType: 'MAIN', state: 'OPEN', openedAt: startedAt }
    const conversation = {
      conversationId: DIALOG,
      stage: 'OPEN',
      isUrgent: false,
      startedAt,
      endedAt: undefined,
      agentPid: undefined,
      dialogs: [dialog],
      last: undefined,
    }
    change({
      entries,
      conversation: entries.length === 0 ? undefined : conversation,
      read: { [DIALOG]: entries.length },
      seen: { [DIALOG]: entries.length },
    })
  }
  /** The lines that stand there, with one more. */
  function add(text: string): void {
    const entry = entryOf({ by: 'consumer', text }, state.entries.length)
    if (!state.conversation) show([{ by: 'consumer', text }])
    else change({ entries: [...state.entries, entry] })
  }
  function ofConversation(part: Partial<NonNullable<State['conversation']>>): void {
    if (state.conversation) change({ conversation: { ...state.conversation, ...part } })
  }
  const nothing = (): void => undefined
  const done = (): Promise<void> => Promise.resolve()

  return {
    show,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onMessage: nothing,
    say: add,
    answer: nothing,
    sendFiles: (files) => files.forEach(({ name }) => add(name)),
    fileAddress: () => Promise.resolve(''),
    retry: nothing,
    discard: nothing,
    setUrgent: (isUrgent) => Promise.resolve(ofConversation({ isUrgent })),
    end: () => Promise.resolve(ofConversation({ stage: 'CLOSE', endedAt: Date.now() })),
    startAgain: () => change({ conversation: undefined, entries: [] }),
    typing: nothing,
    setSeen: nothing,
    loadEarlier: done,
    transcript: () => Promise.resolve(transcriptOf(state)),
    reopen: done,
    tell: (notice) => change({ notice }),
    dismissNotice: () => change({ notice: undefined }),
    signIn: done,
  }
}
