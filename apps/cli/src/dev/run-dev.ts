import { explain } from '../explain.ts'
import { type LocalWorld, openLocalWorld } from '../local-world/open-local-world.ts'
import { announceElsewhere } from '../local-world/running-world.ts'
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

/** Names of functions that were deployed, by their ids. */
type Names = Map<string, string>

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
  using _found = announceElsewhere(folder, world)
  const names: Names = new Map()
  const begun = Promise.withResolvers<void>()
  {
    // Before the functions are read: what is saved from here on is deployed again.
    await using _watcher = watchProject(
      folder,
      {
        async saved(name) {
          // What is gone makes room first, such as for another function of its event.
          await attempt(print, () => removeFormer(world, print))
          const began = performance.now()
          const standing = await deployed(world, names, name)
          if ('problem' in standing) {
            return print(
              devLine(
                `${name} is not reloaded, the former version goes on serving: ${standing.problem}`,
              ),
            )
          }
          print(deployedLine(standing.deployed, performance.now() - began))
          await attempt(print, () => removeFormer(world, print))
          warn(print, standing.deployed.warnings)
        },
        removed: () => attempt(print, () => removeFormer(world, print)),
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
    // First: an event of which there may be one function is free again.
    await attempt(print, () => removeFormer(world, print))
    const standings: Standing[] = []
    for (const name of world.functions()) {
      if (ends.aborted) break
      standings.push(await deployed(world, names, name))
    }
    await attempt(print, () => removeFormer(world, print))
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
        print(activityText(activity, (id) => names.get(id) ?? `function ${id.slice(0, 8)}`)),
      note: (text) => print(devLine(text)),
      ready: () => print(devLine('watching')),
    })
  }
  if (stopped.signal.aborted) throw stopped.signal.reason
}

async function deployed(world: LocalWorld, names: Names, name: string): Promise<Standing> {
  try {
    const done = await world.deploy(name)
    names.set(done.functionId, done.name)
    return { name, deployed: done }
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

async function removeFormer(world: LocalWorld, print: DevOptions['print']): Promise<void> {
  for (const name of await world.removeFormer()) print(devLine(`${name} is removed`))
}
