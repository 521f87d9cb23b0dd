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

/** Sets what a scenario wants of its account. Resolves with what takes it all back. */
export async function setAccount(
  session: Session,
  { settings, automaticMessages = {}, calendar, chat, transcripts }: ScenarioAccount,
): Promise<() => Promise<void>> {
  const undo: (() => Promise<unknown>)[] = []
  if (settings) {
    await call(session, changeAccountSettings, { body: settings })
    undo.push(() => call(session, changeAccountSettings, { body: withoutValues(settings) }))
  }
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
  return async () => {
    for (const step of undo) await step()
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
