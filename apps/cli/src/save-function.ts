import { call, RequestError, type Session } from '@parley/client'
import {
  createFunction,
  type FunctionDetail,
  type FunctionSummary,
  listFunctions,
  updateFunction,
} from '@parley/contract'
import type { Project } from '@parley/server/local-project'
import { reasonOf } from './explain.ts'

interface SaveOptions {
  /** Instead of the name of the project. */
  name?: string | undefined
  /** Of a new function, instead of that of `config.json`: an id or a name. */
  event?: string | undefined
  /** Absent: those of `config.json`; where it names none, those that the function has, all for a new one. */
  skills?: string[] | undefined
}

/**
 * The name that a project has on the server.
 * @throws an `Error` where letters would be lost: "größe" and "gräße" would be one function
 */
export function nameOf({ name }: Project): string {
  if (/\P{ASCII}/u.test(name)) {
    throw new Error(
      `"${name}" cannot be the name of a function, which has only A-Z, a-z, 0-9 and _: give it another one, with --name or in its config.json`,
    )
  }
  return name.replaceAll(/\W/g, '_')
}

/**
 * Saves a function as it is on disk as its newest version; the deployed one is not touched. What the disk says nothing of stays as
 * the server has it.
 * @throws an `Error` that names file, line and column of a source that cannot be saved, or the event that cannot be changed
 */
export async function saveFunction(
  session: Session,
  project: Project,
  { name = nameOf(project), event, skills = project.config.skills }: SaveOptions,
): Promise<FunctionDetail> {
  const { functions } = await call(session, listFunctions, { query: { name } })
  const found = functions.find((one) => one.name === name)
  const { eventIdOf } = await import('@parley/server/local-project')
  const wanted = event ?? project.config.event
  const eventId = eventIdOf(wanted)
  const { code, language, config } = project
  const { description } = config
  const environment = config.environmentVariables?.filter(({ key }) => key !== '')
  const content = {
    code,
    ...(language && { language }),
    ...(description && { description }),
    ...(environment && { environment }),
    ...(skills && { skills }),
  }
  if (!found) {
    const body = { name, description: name, ...content, ...(eventId && { eventId }) }
    return inSource(project, () => call(session, createFunction, { body }))
  }
  if (wanted && eventId !== found.eventId) throw otherEvent(found, eventId)
  const params = { functionId: found.functionId }
  return inSource(project, () => call(session, updateFunction, { params, body: content }))
}

function otherEvent({ name, eventId }: FunctionSummary, wanted: string | undefined): Error {
  const nameOfEvent = (id: string | undefined) => id ?? 'no event'
  return new Error(
    `"${name}" is a function of ${nameOfEvent(eventId)}, not of ${nameOfEvent(wanted)}, and the event of a function cannot be changed: delete it first, or give another --name`,
  )
}

/** A refusal of the source gets the file before it. */
export async function inSource<T>({ file }: Project, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    const reason = reasonOf(error)
    if (!reason.startsWith('code: ') && !/\(line \d+/.test(reason)) throw error
    throw new Error(`${file}: ${reason}`, { cause: error })
  }
}
