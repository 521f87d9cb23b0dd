import { call, type Session } from '@parley/client'
import {
  changeAccountSettings,
  deleteCalendar,
  getChatSettings,
  getTranscriptSettings,
  putCalendar,
  resetAutomaticMessage,
  setAutomaticMessage,
  setChatSettings,
  setTranscriptSettings,
} from '@parley/contract'
import { CbotEventType } from '@parley/contract/events'
import type { ScenarioAccount } from './schema.ts'

/** How long a conversation asks one agent: else scenarios that wait would spend their time with agents who do not answer. */
const RING_MS = 3_600_000

/** Sets what a scenario wants of its account. Resolves with what takes it all back. */
export async function setAccount(
  session: Session,
  wanted: ScenarioAccount,
): Promise<() => Promise<void>> {
  const undo: (() => Promise<unknown>)[] = []
  const restore = async () => {
    for (const step of undo) await step()
  }
  try {
    await set(session, wanted, undo)
  } catch (error) {
    // Other scenarios, and the next run of this one, must not find the half of it.
    await restore()
    throw error
  }
  return restore
}

async function set(
  session: Session,
  { settings: given, automaticMessages = {}, calendar, chat, transcripts }: ScenarioAccount,
  undo: (() => Promise<unknown>)[],
): Promise<void> {
  const own = given?.['messaging']
  const messaging = typeof own === 'object' && !Array.isArray(own) ? own : {}
  const settings = { ...given, messaging: { ringMs: RING_MS, ...messaging } }
  await call(session, changeAccountSettings, { body: settings })
  undo.push(() => call(session, changeAccountSettings, { body: withoutValues(settings) }))
  for (const [name, body] of Object.entries(automaticMessages)) {
    const params = { type: CbotEventType.parse(name) }
    await call(session, setAutomaticMessage, { params, body })
    undo.push(() => call(session, resetAutomaticMessage, { params }))
  }
  if (calendar) {
    const params = { owner: 'account' }
    await call(session, putCalendar, { params, body: calendar })
    undo.push(() => call(session, deleteCalendar, { params }))
  }
  if (chat) {
    const body = await call(session, getChatSettings)
    await call(session, setChatSettings, { body: chat })
    undo.push(() => call(session, setChatSettings, { body }))
  }
  if (transcripts) {
    const body = await call(session, getTranscriptSettings)
    await call(session, setTranscriptSettings, { body: transcripts })
    undo.push(() => call(session, setTranscriptSettings, { body }))
  }
}

type Settings = NonNullable<ScenarioAccount['settings']>

/** `null` takes a setting back to its default. */
function withoutValues(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.keys(value).map((setting) => [setting, null]))
        : null,
    ]),
  )
}
