import { isDeepStrictEqual } from 'node:util'
import type {
  AccountLimits,
  FunctionChange,
  FunctionDetail,
  FunctionState,
  SourceLanguage,
  SourceProblem,
} from '@parley/contract'
import { type Db, mapConstraintErrors } from '#base/store'
import type { Actor } from '#faas/function-config'
import { type CompiledSource, compileOrRefuse } from '#faas/source'
import { lockEventSlot } from './deployed-repository.ts'
import { ownSample, sampleOf, toDetail } from './describe.ts'
import { checkEventLimit } from './event-limit.ts'
import { functionNotFound, getFunction, getFunctionRow, getVersionRow } from './read.ts'
import {
  findVersion,
  type FunctionRow,
  insertVersion,
  lockFunction,
  updateFunctionRow,
  type VersionRow,
} from './repository.ts'
import { forgetOldVersions } from './retention-repository.ts'
import type { FunctionsDeps } from './deps.ts'
import {
  checkDraftConfig,
  namedSkills,
  nameTaken,
  requireFixedMembers,
  requireNewest,
} from './validate-draft.ts'

/**
 * Saves a change as a new version. The deployed version stays, but new skills take effect at once.
 * `undefined` when nothing differs.
 */
export async function updateFunction(
  deps: FunctionsDeps,
  accountId: string,
  actor: Actor,
  functionId: string,
  change: FunctionChange & { restoredFrom?: number },
): Promise<FunctionDetail | undefined> {
  const limits = await deps.functionConfig.limitsOf(accountId)
  const compiled = await compileChange(deps, accountId, functionId, change, limits)
  const saved = await deps.store.transaction(async (tx) => {
    const row = await lockFunction(tx, accountId, functionId)
    const before = row && (await findVersion(tx, accountId, functionId, row.version))
    if (!row || !before) throw functionNotFound(accountId, functionId)
    requireFixedMembers(row, change)
    const differs = difference(row, before, change)
    if (!differs.content && !differs.skills && !differs.sample && !differs.name) return undefined
    if (change.version !== undefined) requireNewest(change.version, row.version)
    checkDraftConfig(change, row.eventId ?? undefined, limits)
    if (differs.skills) {
      await deps.accounts.skills.holdNamed(tx, accountId, namedSkills(change.skills ?? []))
    }
    if (differs.content && compiled?.of !== before.version) return 'changed-meanwhile'
    return save(tx, deps, { row, before, change, actor, limits, differs, compiled })
  })
  if (saved === 'changed-meanwhile') {
    return await updateFunction(deps, accountId, actor, functionId, change)
  }
  if (saved?.liveChanged) await deps.changed(accountId)
  return saved?.detail
}

/** Returns the function also when nothing differs. */
export async function saveFunction(
  deps: FunctionsDeps,
  accountId: string,
  actor: Actor,
  functionId: string,
  change: FunctionChange,
): Promise<FunctionDetail> {
  const saved = await updateFunction(deps, accountId, actor, functionId, change)
  return saved ?? getFunction(deps, accountId, functionId)
}

/** A source that was compiled as the next version after the version `of`. */
interface CompiledChange {
  of: number
  code: string
  compiled: CompiledSource
  warnings: SourceProblem[]
}

/** Before the transaction, which must not wait for a compiler. `undefined` when the change needs none. */
async function compileChange(
  deps: FunctionsDeps,
  accountId: string,
  functionId: string,
  change: FunctionChange,
  { codeCharacters }: AccountLimits,
): Promise<CompiledChange | undefined> {
  const row = await getFunctionRow(deps, accountId, functionId)
  const before = await getVersionRow(deps, accountId, functionId, row.version)
  if (!difference(row, before, change).content) return undefined
  const code = change.code ?? before.code
  const compiled = await compileOrRefuse(deps.compiler, accountId, code, {
    types: true,
    eventId: row.eventId ?? undefined,
    language: change.language ?? languageOf(code, before),
    maxCharacters: codeCharacters,
  })
  return { of: before.version, code, ...compiled }
}

/** The function's own, unless JavaScript cannot read a new source: `undefined` has that found out. */
function languageOf(code: string, before: VersionRow): SourceLanguage | undefined {
  return code === before.code || before.language === 'typescript' ? before.language : undefined
}

interface Save {
  row: FunctionRow
  before: VersionRow
  change: FunctionChange & { restoredFrom?: number }
  actor: Actor
  limits: AccountLimits
  differs: { content: boolean; skills: boolean; name: boolean }
  compiled: CompiledChange | undefined
}

async function save(
  tx: Db,
  deps: FunctionsDeps,
  { row, before, change, actor, limits, differs, compiled }: Save,
): Promise<{ detail: FunctionDetail; liveChanged: boolean }> {
  const { accountId, functionId, eventId } = row
  if (differs.skills && change.skills && eventId && row.liveDeploymentId) {
    const live = await lockEventSlot(tx, accountId, eventId, functionId)
    checkEventLimit(eventId, live, { name: row.name, skills: change.skills })
  }
  const at = new Date(deps.clock.now())
  const version = compiled ? nextVersion(before, change, compiled, { at, actor }) : before
  const after: FunctionRow = {
    ...row,
    name: change.name ?? row.name,
    description: version.description,
    skills: change.skills ?? row.skills,
    samplePayload: ownSample(eventId, change.samplePayload ?? sampleOf(row)),
    version: version.version,
    state: differs.content ? stateAfterSave(row) : row.state,
    size: Buffer.byteLength(version.code),
    updatedAt: at,
    updatedBy: actor,
  }
  if (differs.content) await insertVersion(tx, version)
  await mapConstraintErrors(updateFunctionRow(tx, row, after), {
    function_account_id_name_key: (cause) => nameTaken(after.name, cause),
  })
  await forgetOldVersions(tx, after, limits.keptVersions)
  await deps.functionConfig.activities.record(tx, accountId, actor, {
    topic: 'function',
    activity: 'Lambda Update',
    functionId,
    ...activityOf({ before, after: version, change, names: [row.name, after.name] }),
  })
  return {
    detail: toDetail(after, version),
    liveChanged: differs.skills || differs.name,
  }
}

function nextVersion(
  before: VersionRow,
  change: Save['change'],
  { code, compiled, warnings }: CompiledChange,
  { at, actor }: { at: Date; actor: Actor },
): VersionRow {
  return {
    ...before,
    version: before.version + 1,
    description: change.description ?? before.description,
    code,
    language: compiled.language,
    compiled: compiled.javascript === code ? null : compiled.javascript,
    sourceMap: compiled.sourceMap ?? null,
    delivers: compiled.delivers,
    warnings,
    dependencies: change.dependencies ?? before.dependencies,
    environment: change.environment ?? before.environment,
    restoredFrom: change.restoredFrom ?? null,
    createdAt: at,
    createdBy: actor,
  }
}

function difference(row: FunctionRow, before: VersionRow, change: FunctionChange) {
  const differs = (wanted: unknown, kept: unknown) =>
    wanted !== undefined && !isDeepStrictEqual(wanted, kept)
  return {
    content:
      differs(change.code, before.code) ||
      differs(change.language, before.language) ||
      differs(change.description, before.description) ||
      differs(change.dependencies, before.dependencies) ||
      differs(change.environment, before.environment),
    skills: differs(change.skills, row.skills),
    sample: differs(change.samplePayload, sampleOf(row)),
    name: differs(change.name, row.name),
  }
}

function stateAfterSave({ liveDeploymentId }: FunctionRow): FunctionState {
  return liveDeploymentId === null ? 'Draft' : 'Modified'
}

interface Changed {
  before: VersionRow
  after: VersionRow
  change: Save['change']
  names: [before: string, after: string]
}

function activityOf({ before, after, change: { restoredFrom }, names: [was, is] }: Changed) {
  const renamed = was === is ? [] : [`Lambda ${was} renamed to ${is}`]
  if (after.version === before.version) {
    return { description: renamed[0] ?? 'Settings changed' }
  }
  const changed =
    restoredFrom === undefined
      ? changedMembers(before, after).map((member) => `${member} changed`)
      : [`Version ${restoredFrom} restored`]
  return {
    description: [...renamed, ...changed].join('; '),
    fromVersion: before.version,
    toVersion: after.version,
  }
}

function changedMembers(before: VersionRow, after: VersionRow): string[] {
  const members = {
    Code: after.code !== before.code,
    Language: after.language !== before.language,
    Environment: !isDeepStrictEqual(after.environment, before.environment),
    Dependencies: !isDeepStrictEqual(after.dependencies, before.dependencies),
    Description: after.description !== before.description,
  }
  return Object.entries(members).flatMap(([name, isChanged]) => (isChanged ? [name] : []))
}
