import { type FunctionDetail, type SourceProblem, testFunction } from '@parley/contract'
import { useMutation } from '@tanstack/react-query'
import { Link, Navigate, useParams, useSearch } from '@tanstack/react-router'
import { Play, Rocket, Save, Settings } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { settingsWords } from '../functions/settings-words.ts'
import { ReplayRecent } from '../replay/replay-recent.tsx'
import { session } from '../session/session.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { StateChip } from '../ui/state-chip.tsx'
import { useUnread } from '../ui/use-unread.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { words } from '../words/index.ts'
import { CodeEditor } from './code-editor.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { DeployDialog } from './deploy-dialog.tsx'
import { EndOfFunction } from './end-of-function.tsx'
import { keepPayload, keptPayload, type WorkKey } from './kept-work.ts'
import { KeptNotice } from './kept-notice.tsx'
import { PayloadBar } from './payload-bar.tsx'
import { Problems } from './problems.tsx'
import { RunPanel } from './run-panel.tsx'
import { SettingsDialog } from './settings-dialog.tsx'
import { useEditorKeys } from './use-editor-keys.ts'
import { useInputOfRun } from './use-input-of-run.ts'
import { useProblems } from './use-problems.ts'
import { useSource } from './use-source.ts'
import { useSourceTypes } from './use-source-types.ts'

/** The source of one function, its payload, and what a run of the draft gives. */
export function EditorPage() {
  const { accountId, functionId } = useParams({ from: '/$accountId/functions/$functionId' })
  const { version, line } = useSearch({ from: '/$accountId/functions/$functionId' })
  // Whoever signs in over the page goes on with what is there, under the first one's name.
  const [workKey] = useState(() => {
    return { accountId, functionId, loginName: session.of(accountId)?.loginName ?? '' }
  })
  const source = useSource(workKey)
  const { unread, notice } = useUnread(source.query)
  if (!source.saved) {
    return unread === undefined ? <Waiting /> : <Page title={words.functions.title}>{notice}</Page>
  }
  if (version !== undefined && version < source.saved.version) {
    return (
      <Navigate
        to="/$accountId/functions/$functionId/versions"
        params={{ accountId, functionId }}
        search={{ to: version, line: line ?? 1 }}
        replace
      />
    )
  }
  return <Editor workKey={workKey} saved={source.saved} source={source} />
}

interface Props {
  workKey: WorkKey
  saved: FunctionDetail
  source: ReturnType<typeof useSource>
}

function Editor({ workKey, saved, source }: Props) {
  const { accountId, functionId } = workKey
  const { name, language } = saved
  const mayWrite = useMay(accountId, 'function:write')
  const mayRun = useMay(accountId, 'function:invoke')
  const mayReplay = useMay(accountId, 'record:replay')
  const t = words.editor
  const [payload, setPayload] = useState(
    () => keptPayload(workKey) ?? JSON.stringify(saved.samplePayload.payload, null, 2),
  )
  const [asks, setAsks] = useState<'deploy' | 'settings'>()
  const [said, setSaid] = useState('')
  const { line } = useSearch({ from: '/$accountId/functions/$functionId' })
  const [goTo, setGoTo] = useState(line === undefined ? undefined : { line })
  useSourceTypes(accountId, saved)
  const [wrongMembers, setWrongMembers] = useState<readonly SourceProblem[]>([])
  const found = useProblems(accountId, saved, source.code)
  const problems = [...found, ...wrongMembers]
  const input = parse(payload)
  useInputOfRun(accountId, takePayload)

  const run = useMutation({
    mutationFn: async () => {
      if (!input.ok) throw new Error(`${t.payloadWrong} ${input.reason}`)
      await saveFirst()
      return await ask(accountId, testFunction, {
        params: { functionId },
        body: { target: 'draft', payload: input.value },
      })
    },
  })
  const save = (settled?: Parameters<typeof source.save.mutate>[0]): void =>
    source.save.mutate(settled, { onSuccess: ({ version }) => setSaid(t.saved(version)) })
  useEditorKeys({
    onSave: () => mayWrite && save(),
    onRun: () => mayRun && !run.isPending && run.mutate(),
  })
  // A conflict has a dialog of its own.
  const { theirs } = source
  const saveError = theirs ? null : source.save.error
  const isSaveError = run.error !== null && run.error === source.save.error

  function writePayload(text: string): void {
    setPayload(text)
    keepPayload(workKey, text)
  }

  function takePayload(value: unknown): void {
    writePayload(JSON.stringify(value ?? null, null, 2))
  }

  async function saveFirst(): Promise<void> {
    if (!source.isDirty) return
    const { version } = await source.save.mutateAsync(undefined)
    setSaid(t.saved(version))
  }

  /** Both are about what is saved. */
  async function open(what: 'deploy' | 'settings'): Promise<void> {
    try {
      if (source.isDirty) await saveFirst()
      else await source.reload()
      setAsks(what)
    } catch {
      // What could not be saved is said above the editor, and not deployed later by surprise.
    }
  }

  return (
    <Page
      title={name}
      isWide
      actions={
        <>
          <StateChip state={saved.state} />
          <span className="faint" role="status">
            {source.isDirty ? t.unsaved : said}
          </span>
          <Link
            to="/$accountId/functions/$functionId/versions"
            params={{ accountId, functionId }}
            className="button quiet"
          >
            {t.versions}
          </Link>
          <Link
            to="/$accountId/runs"
            params={{ accountId }}
            search={{ functionId }}
            className="button quiet"
          >
            {words.shell.runs}
          </Link>
          <Link
            to="/$accountId/logs"
            params={{ accountId }}
            search={{ functionId }}
            className="button quiet"
          >
            {words.shell.logs}
          </Link>
          <Link
            to="/$accountId/secrets"
            params={{ accountId }}
            search={{ functionId }}
            className="button quiet"
          >
            {settingsWords.environment}
          </Link>
          {mayWrite && (
            <Button
              kind="quiet"
              aria-label={settingsWords.open(name)}
              onPress={() => void open('settings')}
            >
              <Settings aria-hidden size={16} />
            </Button>
          )}
          {mayWrite && (
            <Button
              isDisabled={!source.isDirty}
              isPending={source.save.isPending}
              onPress={() => save()}
            >
              <Save aria-hidden size={16} />
              {t.save}
            </Button>
          )}
          {mayRun && (
            <Button isPending={run.isPending} onPress={() => run.mutate()}>
              <Play aria-hidden size={16} />
              {t.run}
            </Button>
          )}
          {mayWrite && (
            <Button kind="primary" onPress={() => void open('deploy')}>
              <Rocket aria-hidden size={16} />
              {t.deploy}
            </Button>
          )}
          {mayWrite && (
            <EndOfFunction
              accountId={accountId}
              draft={saved}
              onUndeployed={() => setSaid(t.undeployed)}
              onDeleted={source.discard}
            />
          )}
        </>
      }
    >
      {!mayWrite && <p className="notice">{t.readOnly}</p>}
      {source.wasKept && <KeptNotice version={saved.version} discard={source.discard} />}
      <div role="status">{source.isNotKept && <p className="notice">{t.notKept}</p>}</div>
      {saveError && <ErrorNotice error={saveError} />}
      <div className="editor">
        <div className="editor-code">
          <CodeEditor
            label={t.code(name)}
            language={language}
            value={source.code}
            onChange={source.write}
            isReadOnly={!mayWrite}
            problems={found}
            onWrongMembers={setWrongMembers}
            goTo={goTo}
          />
          <Problems problems={problems} onLine={(at) => setGoTo({ line: at })} />
        </div>
        <div className="editor-side">
          <section className="payload" aria-label={t.payload}>
            <h2>{t.payload}</h2>
            <PayloadBar
              accountId={accountId}
              functionId={functionId}
              sample={saved.samplePayload.payload}
              current={input}
              onTake={takePayload}
            />
            {!input.ok && (
              <p role="alert" className="bad">
                {t.payloadWrong} {input.reason}
              </p>
            )}
            <CodeEditor label={t.payload} language="json" value={payload} onChange={writePayload} />
          </section>
          <RunPanel
            result={run.data}
            error={isSaveError ? null : run.error}
            isRunning={run.isPending}
            hasCommands={saved.eventId?.startsWith('controllerbot_') ?? false}
            onLine={(at) => setGoTo({ line: at })}
          />
          {mayReplay && (
            <ReplayRecent accountId={accountId} functionId={functionId} prepare={saveFirst} />
          )}
        </div>
      </div>
      {asks === 'settings' && !theirs && !source.isDirty && (
        <SettingsDialog
          accountId={accountId}
          saved={saved}
          onSaved={(detail) => {
            source.accept(detail)
            setAsks(undefined)
            setSaid(settingsWords.saved)
          }}
          onClose={() => setAsks(undefined)}
        />
      )}
      {asks === 'deploy' && !theirs && !source.isDirty && (
        <DeployDialog
          accountId={accountId}
          draft={saved}
          onClose={(version) => {
            setAsks(undefined)
            if (version !== undefined) setSaid(t.deployed(version))
          }}
        />
      )}
      {theirs && source.base !== undefined && (
        <ConflictDialog
          key={theirs.version}
          accountId={accountId}
          theirs={theirs}
          mine={source.code}
          base={source.base}
          onTheirs={source.takeTheirs}
          onSave={(code) => save({ over: theirs.version, code })}
          onClose={source.keepMine}
        />
      )}
    </Page>
  )
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}
