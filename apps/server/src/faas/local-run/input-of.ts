import { EVENTS, findEvent, NO_EVENT } from '@parley/contract/events'
import type { Project } from './find-project.ts'

export interface GivenInput {
  /** Instead of the event and the input of `config.json`: its id or its name. */
  event?: string | undefined
  /** Instead of the input of `config.json`. */
  payload?: unknown
}

interface Input {
  headers?: unknown
  payload: unknown
}

/**
 * What the function is run with: the given payload, else the sample of the given event, else the payload of `config.json`, else
 * the sample of the event there.
 * @throws an `Error` for an event that does not exist
 */
export function inputOf({ config }: Project, { event, payload }: GivenInput): Input {
  if (payload !== undefined) return { headers: [], payload }
  if (event !== undefined) return sampleOf(event) ?? NO_EVENT.samplePayload
  if (config.input && !isEmpty(config.input.payload)) return config.input
  return sampleOf(config.event) ?? config.input ?? NO_EVENT.samplePayload
}

function isEmpty(payload: unknown): boolean {
  if (payload === undefined || payload === null || payload === '') return true
  return typeof payload === 'object' && Object.keys(payload).length === 0
}

function sampleOf(name: string | undefined): Input | undefined {
  const eventId = eventIdOf(name)
  return eventId === undefined ? undefined : findEvent(eventId)?.samplePayload
}

/**
 * The id of an event that is named by its id or its name; `undefined` for none.
 * @throws an `Error` that lists all events when it does not exist
 */
export function eventIdOf(name: string | undefined): string | undefined {
  if (name === undefined || name === '' || name === NO_EVENT.name) return undefined
  const found = findEvent(name) ?? EVENTS.find((event) => event.name === name)
  if (found) return found.id
  const known = EVENTS.map(({ id }) => `  ${id}`).join('\n')
  throw new Error(`There is no event "${name}". Events are:\n${known}`)
}
