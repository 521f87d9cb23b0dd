import { call, RequestError, type Session } from '@parley/client'
import {
  createFunction,
  type FunctionDetail,
  listFunctions,
  updateFunction,
} from '@parley/contract'
import type { Project } from '@parley/server/local-run'
import { reasonOf } from './explain.ts'

interface SaveOptions {
  /** Instead of the name of the project. */
  name?: string | undefined
  /** Of a new function, instead of that of `config.json`: an id or a name. */
  event?: string | undefined
  /** Absent: those that the function has, all for a new one. */
  skills?: string[] | undefined
}

/** The name that a project has on the server. */
export function nameOf({ name }: Project): string {
  return name.replaceAll(/\W/g, '_')
}

/**
 * Saves a function as it is on disk as its newest version; the deployed one is not touched.
 * @throws an `Error` that names file, line and column of a source that cannot be saved, or the event that it has, where another one is asked for
 */
export async function saveFunction(
  session: Session,
  project: Project,
  { name = nameOf(project), event, skills }: SaveOptions,
): Promise<FunctionDetail> {
  const { functions } = await call(session, listFunctions, { query: { name } })
  const found = functions.find((one) => one.name === name)
  const environment = project.config.environmentVariables.filter(({ key }) => key !== '')
  const { code, language } = project
  const content = { code, environment, ...(language && { language }), ...(skills && { skills }) }
  const { eventIdOf } = await import('@parley/server/local-run')
  const eventId = eventIdOf(event ?? project.config.event)
  if (found) {
    if (eventId !== undefined && eventId !== found.eventId) {
      throw new Error(
        `${name} has ${found.eventId ?? 'no event'}, and that of a function cannot change: deploy it under another name (--name) for ${eventId}`,
      )
    }
    const params = { functionId: found.functionId }
    return inSource(project, () => call(session, updateFunction, { params, body: content }))
  }
  const description = project.config.description || name
  const body = { name, description, ...content, ...(eventId && { eventId }) }
  return inSource(project, () => call(session, createFunction, { body }))
}

/** A refusal that names a line gets the file before it. */
export async function inSource<T>({ file }: Project, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof RequestError && /\(line \d+/.test(error.message)) {
      throw new Error(`${file}: ${reasonOf(error)}`, { cause: error })
    }
    throw error
  }
}
