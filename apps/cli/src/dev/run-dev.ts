import { call } from '@parley/client'
import {
  deleteFunction,
  type FunctionSummary,
  listFunctions,
  undeployFunction,
} from '@parley/contract'
import { explain } from '../explain.ts'
import { findFunctionByName } from '../functions.ts'
import { type LocalWorld, openLocalWorld } from '../local-world/open-local-world.ts'
import { activityText } from '../tail/activity-lines.ts'
import { watchActivity } from '../tail/watch-activity.ts'
import { deployedLine, devLine, type Standing, worldText } from './dev-screen.ts'
import { watchProject } from './watch-project.ts'

export interface DevOptions {
  folder: string
  data: string | undefined
  clock: 'virtual' | 'system'
  /** The function that a debugger may attach to, at this port of the loopback. */
  inspect: { name: string; port: number } | undefined
  signal: AbortSignal
  print(text: string): void
}

/** What has been deployed of the project. */
interface Known {
  /** By the ids of functions. */
  names: Map<string, string>
  /** Ids of functions, by the names of their folders. */
  folders: Map<string, string>
}

/** Runs the world of a project until `signal` aborts: deploys what is saved, prints what happens. */
export async function runDev({
  folder,
  data,
  clock,
  inspect,
  signal,
  print,
}: DevOptions): Promise<void> {
  const startedAt = performance.now()
  print(`Starting Parley for ${folder}; the first start also sets up the database\n`)
  const stopped = new AbortController()
  const ends = AbortSignal.any([signal, stopped.signal])
  await using world = await openLocalWorld({
    folder,
    ...(data !== undefined && { data }),
    clock,
    onMail: ({ to, subject, file }) =>
      print(devLine(`mail to ${to.join(', ')}: ${subject} (${file})`)),
    onEnd: (reason) => stopped.abort(new Error(reason)),
  })
  const known: Known = { names: new Map(), folders: new Map() }
  const begun = Promise.withResolvers<void>()
  {
    // Before the functions are read: what is saved from here on is deployed again.
    await using _watcher = watchProject(
      folder,
      {
        async saved(name) {
          const began = performance.now()
          const standing = await deployed(world, known, name)
          if ('problem' in standing) {
            return print(
              devLine(
                `${name} is not reloaded, the former version goes on serving: ${standing.problem}`,
              ),
            )
          }
          print(deployedLine(standing.deployed, performance.now() - began))
          await attempt(print, () => removeFormer(world, known, standing.former, print))
          warn(print, standing.deployed.warnings)
        },
        removed: (name) => attempt(print, () => remove(world, known, name, print)),
        settingsSaved: () =>
          attempt(print, async () => {
            await world.applySettings()
            print(devLine('settings.json: secrets and allowed domains are in force'))
          }),
      },
      begun.promise,
    )
    using _begun = { [Symbol.dispose]: begun.resolve }
    await attempt(print, () => world.applySettings())
    const standings: Standing[] = []
    for (const name of world.functions()) {
      if (ends.aborted) break
      standings.push(await deployed(world, known, name))
    }
    print(worldText(world, standings, performance.now() - startedAt))
    for (const one of standings) if ('deployed' in one) warn(print, one.deployed.warnings)
    if (inspect) {
      await attempt(print, async () => {
        await world.inspect(inspect.name, inspect.port)
        print(devLine(`${inspect.name} waits for debuggers at 127.0.0.1:${inspect.port}`))
      })
    }
    begun.resolve()
    await watchActivity(world.session, {
      filter: {},
      signal: ends,
      show: (activity) =>
        print(activityText(activity, (id) => known.names.get(id) ?? `function ${id.slice(0, 8)}`)),
      note: (text) => print(devLine(text)),
      ready: () => print(devLine('watching')),
    })
  }
  if (stopped.signal.aborted) throw stopped.signal.reason
}

async function deployed(
  world: LocalWorld,
  { names, folders }: Known,
  name: string,
): Promise<Standing & { former?: string | undefined }> {
  try {
    const done = await world.deploy(name)
    const former = folders.get(name)
    names.set(done.functionId, done.name)
    folders.set(name, done.functionId)
    return { name, deployed: done, former }
  } catch (error) {
    return { name, problem: explain(error) }
  }
}

function warn(print: DevOptions['print'], warnings: readonly string[]): void {
  for (const warning of warnings) print(devLine(`Warning: ${warning}`))
}

/** What fails is said; the world goes on. */
async function attempt(print: DevOptions['print'], run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    print(devLine(explain(error)))
  }
}

async function remove(
  world: LocalWorld,
  known: Known,
  folderName: string,
  print: DevOptions['print'],
) {
  const deployedAs = known.folders.get(folderName)
  known.folders.delete(folderName)
  if (deployedAs !== undefined) return removeFormer(world, known, deployedAs, print)
  const name = folderName.replaceAll(/\W/g, '_')
  await removeFunction(world, await findFunctionByName(await world.session(), name), print)
}

/** Removes what a folder was before, such as before `config.json` named it otherwise, unless it is another folder's by now. */
async function removeFormer(
  world: LocalWorld,
  { folders }: Known,
  former: string | undefined,
  print: DevOptions['print'],
) {
  if (former === undefined || [...folders.values()].includes(former)) return
  const { functions } = await call(await world.session(), listFunctions)
  const found = functions.find(({ functionId }) => functionId === former)
  // Of another event, it has made room already.
  if (found) await removeFunction(world, found, print)
}

async function removeFunction(
  world: LocalWorld,
  { functionId, liveVersion, name }: FunctionSummary,
  print: DevOptions['print'],
) {
  const session = await world.session()
  const params = { functionId }
  if (liveVersion !== undefined) await call(session, undeployFunction, { params })
  await call(session, deleteFunction, { params })
  print(devLine(`${name} is removed`))
}
