import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { call, type Session } from '@parley/client'
import {
  createSchedule,
  deleteFunction,
  deleteSchedule,
  deployFunction,
  getAccountSettings,
  listFunctions,
  listSchedules,
  previewSchedule,
  type Schedule,
  undeployFunction,
} from '@parley/contract'
import { eventIdOf, findProject, type Project } from '@parley/server/local-project'
import { explain } from '../explain.ts'
import { inSource, nameOf, saveFunction } from '../save-function.ts'
import type { DeployedFolders } from './deployed-folders.ts'
import type { FolderNames } from './folder-names.ts'
import { functionsFolder } from './list-folders.ts'

export interface Deployed {
  functionId: string
  name: string
  version: number
  eventId: string | undefined
  /** Each with file, line and column. */
  warnings: string[]
}

/** Deploys the function of one folder, as it is on disk. */
export async function deployFolder(
  session: Session,
  { folder, names, deployed }: { folder: string; names: FolderNames; deployed: DeployedFolders },
  name: string,
): Promise<Deployed> {
  const found = await findProject(name, functionsFolder(folder))
  // What the folder does not have the function does not have either.
  const { skills = [], environmentVariables = [] } = found.config
  const config = { ...found.config, skills, environmentVariables }
  const project = { ...found, config, file: join('functions', name, found.file) }
  await names.refuseSecond(name, nameOf(project))
  await checkSchedules(session, project, name)
  await removeOfOtherEvent(session, project)
  const former = deployed.idOf(name)
  if (former !== undefined) await undeployOfOtherName(session, project, { former, names })
  const { saved, version } = await deployProject(session, project)
  const { functionId, eventId } = saved
  await ensureSchedules(session, project, functionId)
  const warnings = saved.warnings.map(
    ({ message, line, column = 1 }) =>
      `${project.file}${line === undefined ? '' : `:${line}:${column}`}: ${message}`,
  )
  return { functionId, name: saved.name, version, eventId, warnings }
}

async function deployProject(session: Session, project: Project) {
  const saved = await saveFunction(session, project, {})
  const params = { functionId: saved.functionId }
  const query = { version: saved.version }
  const { version } = await inSource(project, () =>
    call(session, deployFunction, { params, query }),
  )
  return { saved, version }
}

/** The event of a function can never be changed: the one with the former event makes room, once the new one has shown in it that it can run. */
async function removeOfOtherEvent(session: Session, project: Project): Promise<void> {
  const name = nameOf(project)
  const { functions } = await call(session, listFunctions, { query: { name } })
  const found = functions.find((one) => one.name === name)
  if (!found || found.eventId === eventIdOf(project.config.event)) return
  // Its skills are those of the new event.
  const { event: _changed, skills: _new, ...config } = project.config
  await deployProject(session, { ...project, config })
  const params = { functionId: found.functionId }
  await call(session, undeployFunction, { params })
  await call(session, deleteFunction, { params })
}

/** Of some events there may be one function: that of the former name makes room for the new one, once this has shown in it that it can run. */
async function undeployOfOtherName(
  session: Session,
  project: Project,
  { former, names }: { former: string; names: FolderNames },
): Promise<void> {
  const eventId = eventIdOf(project.config.event)
  if (eventId === undefined) return
  const { functions } = await call(session, listFunctions)
  const found = functions.find(({ functionId }) => functionId === former)
  if (found?.liveVersion === undefined || found.eventId !== eventId) return
  if (found.name === nameOf(project) || (await names.readAll()).has(found.name)) return
  await deployProject(session, { ...project, name: found.name })
  await call(session, undeployFunction, { params: { functionId: former } })
}

/** Before anything is deployed: what is refused leaves all as it was. */
async function checkSchedules(session: Session, { config }: Project, name: string): Promise<void> {
  for (const [at, { cronExpression, timeZone }] of config.schedules.entries()) {
    const body = { cronExpression, ...(timeZone && { timeZone }) }
    try {
      await call(session, previewSchedule, { body })
    } catch (cause) {
      const file = `functions/${name}/config.json`
      throw new Error(`${file}: schedules[${at}]: ${explain(cause)}`, { cause })
    }
  }
}

/** Makes the schedules of a function those of its `config.json`. One that is as it says stays, with its history. */
async function ensureSchedules(session: Session, { config }: Project, functionId: string) {
  const { schedules } = await call(session, listSchedules, { query: { functionId } })
  // Without a time zone, that of the account is meant, as when a schedule is made.
  const { timeZone } = await call(session, getAccountSettings)
  const wanted = config.schedules.map((draft) => ({ timeZone, ...draft }))
  for (const schedule of schedules) {
    const at = wanted.findIndex((draft) => isAsWanted(schedule, draft))
    if (at !== -1) wanted.splice(at, 1)
    else await call(session, deleteSchedule, { params: { scheduleId: schedule.scheduleId } })
  }
  for (const draft of wanted) {
    await call(session, createSchedule, { body: { ...draft, functionId } })
  }
}

/** The members of a payload may be in another order: the server keeps none. */
function isAsWanted(schedule: Schedule, draft: Project['config']['schedules'][number]): boolean {
  const { cronExpression, timeZone, payload, active, missedRuns, pausedByUndeploy } = schedule
  const kept = { cronExpression, timeZone, payload, active, missedRuns }
  const { scheduleId = schedule.scheduleId, ...says } = draft
  const isTheSame = scheduleId === schedule.scheduleId && isDeepStrictEqual(kept, says)
  return !pausedByUndeploy && isTheSame
}
