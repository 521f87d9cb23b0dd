import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CaughtMail } from '../local-world/world-messages.ts'
import { type LocalWorld, openLocalWorld } from '../local-world/open-local-world.ts'
import { durationText } from '../duration.ts'
import { findProjectFolder, findScenarioFiles, shownPath } from './find-files.ts'
import { readProgram } from './programs.ts'
import { readScenarioFile } from './read-file.ts'
import { inTime } from './in-time.ts'
import { junit, resultText } from './report.ts'
import { runAll } from './run-all.ts'
import { type Scenario, scenarioOfFile } from './scenario.ts'
import { watchSources } from './watch.ts'
import { openWorld } from './world.ts'
import { writeOut } from '../visible.ts'

export interface RunTestsOptions {
  /** The folder that files are relative to. */
  from: string
  watch?: boolean
  junit?: string
}

/**
 * Runs scenarios in a world of its own. Resolves with the exit code: 1 when one of them failed.
 * @throws an `Error` that names what is wrong with the files, or why the functions could not be deployed
 */
export async function runTests(
  files: readonly string[],
  options: RunTestsOptions,
): Promise<number> {
  const { from } = options
  const folder = findProjectFolder(from)
  // Before anything is read: what is saved from here on is run again.
  using saved = options.watch ? watchSources(folder ?? from) : undefined
  const first = await readScenarios(files, from)
  const mails: CaughtMail[] = []
  const startedAt = performance.now()
  const ended = Promise.withResolvers<never>()
  // Everything that runs then asks whether the world stands.
  ended.promise.catch(() => undefined)
  await using local = await openLocalWorld({
    ...(folder !== undefined && { folder }),
    data: 'temporary',
    clock: 'virtual',
    onMail: (mail) => void mails.push(mail),
    onEnd: (reason) => ended.reject(new Error(reason)),
  })
  const whileItStands = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await Promise.race([work(), ended.promise])
    } catch (error) {
      // What has failed because the world has ended says nothing else.
      await local.mailsArrived()
      throw error
    }
  }
  await whileItStands(() => deployAll(local))
  writeOut(`The world stands after ${durationText(Math.round(performance.now() - startedAt))}\n`)
  const code = await whileItStands(() => runOnce(local, mails, first, options))
  if (!saved) return code

  for (;;) {
    await Promise.race([saved.next(), ended.promise])
    writeOut('\n')
    try {
      const scenarios = await readScenarios(files, from)
      await whileItStands(async () => {
        await deployAll(local)
        await runOnce(local, mails, scenarios, options)
      })
    } catch (error) {
      await local.mailsArrived()
      writeOut(`${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
}

/** A machine that is busy checks types slowly. */
const DEPLOY_MS = 300_000

async function deployAll(local: LocalWorld): Promise<void> {
  await local.applySettings()
  await local.removeFormer()
  for (const name of local.functions()) {
    const { warnings } = await inTime(`The deployment of ${name}`, DEPLOY_MS, local.deploy(name))
    for (const warning of warnings) writeOut(`Warning: ${warning}\n`)
  }
  await local.removeFormer()
}

/** Wrong files are all named at once. */
async function readScenarios(files: readonly string[], from: string): Promise<Scenario[]> {
  const scenarios: Scenario[] = []
  const wrong: string[] = []
  for (const path of findScenarioFiles(files, from)) {
    const shown = shownPath(path, from)
    try {
      const isYaml = /\.ya?ml$/.test(path)
      const read = isYaml
        ? readScenarioFile(path, shown).map(scenarioOfFile)
        : await readProgram(path, shown)
      scenarios.push(...read)
    } catch (error) {
      wrong.push(error instanceof Error ? error.message : String(error))
    }
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return scenarios
}

async function runOnce(
  local: LocalWorld,
  mails: readonly CaughtMail[],
  scenarios: readonly Scenario[],
  options: RunTestsOptions,
): Promise<number> {
  // Sessions end after hours, and what is watched stands for days: each run has its own.
  using world = await openWorld(await local.session(), mails, {
    skillIds: local.firstRun.skillIds,
    mailsArrived: local.mailsArrived,
  })
  const startedAt = performance.now()
  const began = world.time.now()
  const results = await runAll(world, scenarios, (result) => writeOut(resultText(result)))
  const ms = Math.round(performance.now() - startedAt)
  const failed = results.filter(({ failure }) => failure).length
  const passed = results.length - failed
  const virtual = durationText(world.time.now() - began)
  writeOut(`${passed} passed, ${failed} failed, in ${durationText(ms)}; virtual time ${virtual}\n`)
  if (options.junit !== undefined) {
    writeFileSync(resolve(options.from, options.junit), junit(results, ms))
  }
  return failed > 0 ? 1 : 0
}
