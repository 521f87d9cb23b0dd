import type { FunctionVersion } from '#faas/sandbox'
import { ParleyError } from '#base/kernel'
import { originalPlace } from '#faas/source'
import { findRunnableSource } from './deployed-repository.ts'
import type { VersionRow } from './repository.ts'
import type { FunctionsRoom } from './room.ts'

/** A version as the sandbox takes it, and the way back to its author's lines. */
export interface Runnable {
  version: FunctionVersion
  /** Points a stack trace at what the author wrote. */
  original(stack: string): string
}

export interface RunnableOf {
  accountId: string
  functionId: string
  deploymentId: string
  version: number
}

type RunnablesRoom = Pick<FunctionsRoom, 'store'>

const MAX_CACHED_CHARACTERS = 32_000_000

export interface Runnables {
  /** What is at hand without asking the database. */
  known(deploymentId: string): Runnable | undefined
  load(of: RunnableOf): Promise<Runnable>
  forget(deploymentId: string): void
}

/** Sources are read at the first invocation and kept while there is room: most functions sleep most of the time. */
export function openRunnables(room: RunnablesRoom): Runnables {
  const cache = new Map<string, Runnable>()
  let characters = 0

  function forget(deploymentId: string): void {
    const kept = cache.get(deploymentId)
    if (!kept || !cache.delete(deploymentId)) return
    characters -= kept.version.code.length
  }

  return {
    known: (deploymentId) => cache.get(deploymentId),
    forget,
    async load(of) {
      const known = cache.get(of.deploymentId)
      if (known) return known
      const runnable = await readRunnable(room, of)
      forget(of.deploymentId)
      cache.set(of.deploymentId, runnable)
      characters += runnable.version.code.length
      for (const oldest of cache.keys()) {
        if (characters <= MAX_CACHED_CHARACTERS || oldest === of.deploymentId) break
        forget(oldest)
      }
      return runnable
    },
  }
}

export async function readRunnable(room: RunnablesRoom, of: RunnableOf): Promise<Runnable> {
  const { accountId, functionId, deploymentId } = of
  const source = await findRunnableSource(room.store.db, accountId, functionId, of.version)
  if (!source) {
    throw new ParleyError(
      'version_not_found',
      `Function ${functionId} has no version ${of.version}`,
    )
  }
  return {
    version: runnableVersion({ accountId, functionId, deploymentId }, source),
    original: source.sourceMap === null ? (stack) => stack : toOriginal(source.sourceMap),
  }
}

export function runnableVersion(
  ids: Pick<FunctionVersion, 'accountId' | 'functionId' | 'deploymentId'>,
  source: Pick<VersionRow, 'code' | 'compiled' | 'delivers' | 'environment'>,
): FunctionVersion {
  const environment = source.environment.map(({ key, value }) => [key, value] as const)
  return {
    ...ids,
    code: source.compiled ?? source.code,
    delivers: source.delivers,
    env: {
      ...Object.fromEntries(environment),
      BRAND_ID: ids.accountId,
      LAMBDA_UUID: ids.functionId,
    },
  }
}

function toOriginal(sourceMap: string): (stack: string) => string {
  let place: ReturnType<typeof originalPlace> | undefined
  return (stack) =>
    stack.replaceAll(/(index\.js):(\d+):(\d+)/g, (_whole, _file, line: string, column: string) => {
      place ??= originalPlace(sourceMap)
      const at = place({ line: Number(line), column: Number(column) })
      return `index.ts:${at.line}:${at.column}`
    })
}
