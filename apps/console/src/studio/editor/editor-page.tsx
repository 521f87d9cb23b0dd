import { type FunctionDetail, testFunction, undeployFunction } from '@parley/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Play, Rocket, Save } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { StateChip } from '../ui/state-chip.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { words } from '../words/index.ts'
import { CodeEditor } from './code-editor.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { DeployDialog } from './deploy-dialog.tsx'
import { keepPayload, keptPayload } from './kept-work.ts'
import { RunPanel } from './run-panel.tsx'
import { useProblems } from './use-problems.ts'
import { useSource } from './use-source.ts'

/** The source of one function, its payload, and what a run of the draft gives. */
export function EditorPage() {
  const { accountId, functionId } = useParams({ from: '/$accountId/functions/$functionId' })
  const source = useSource(accountId, functionId)
  if (source.error && !source.saved) {
    return (
      <Page title={words.functions.title}>
        <ErrorNotice error={source.error} retry={() => void source.reload()} />
      </Page>
    )
  }
  if (!source.saved) return <Waiting />
  return <Editor key={functionId} accountId={accountId} saved={source.saved} source={source} />
}

interface Props {
  accountId: string
  saved: FunctionDetail
  source: ReturnType<typeof useSource>
}

function Editor({ accountId, saved, source }: Props) {
  const { functionId, name, language } = saved
  const mayWrite = useMay(accountId, 'function:write')
  const mayRun = useMay(accountId, 'function:invoke')
  const client = useQueryClient()
  const t = words.editor
  const [payload, setPayload] = useState(
    () =>
      keptPayload(accountId, functionId) ?? JSON.stringify(saved.samplePayload.payload, null, 2),
  )
  const [isDeploying, setDeploying] = useState(false)
  const [said, setSaid] = useState('')
  const [goTo, setGoTo] = useState<{ line: number }>()
  const problems = useProblems(accountId, saved, source.code)
  const input = parse(payload)

  const run = useMutation({
    mutationFn: async () => {
      if (!input.ok) throw new Error(`${t.payloadWrong} ${input.reason}`)
      if (source.isDirty) await source.save.mutateAsync(undefined)
      return await ask(accountId, testFunction, {
        params: { functionId },
        body: { target: 'draft', payload: input.value },
      })
    },
  })
  const undeploy = useMutation({
    mutationFn: () => ask(accountId, undeployFunction, { params: { functionId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['function', accountId, functionId] }),
  })
  const save = (): void =>
    source.save.mutate(undefined, { onSuccess: ({ version }) => setSaid(t.saved(version)) })
  // A conflict has a dialog of its own.
  const saveError = source.theirs ? null : source.save.error
  const isSaveError = run.error !== null && run.error === source.save.error

  async function openDeploy(): Promise<void> {
    try {
      if (source.isDirty) await source.save.mutateAsync(undefined)
      else await source.reload()
      setDeploying(true)
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
            to="/$accountId/logs"
            params={{ accountId }}
            search={{ functionId }}
            className="button quiet"
          >
            {words.shell.logs}
          </Link>
          {mayWrite && (
            <Button isDisabled={!source.isDirty} isPending={source.save.isPending} onPress={save}>
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
          {mayWrite && saved.liveVersion !== undefined && (
            <Button isPending={undeploy.isPending} onPress={() => undeploy.mutate()}>
              {t.undeploy}
            </Button>
          )}
          {mayWrite && (
            <Button kind="primary" onPress={() => void openDeploy()}>
              <Rocket aria-hidden size={16} />
              {t.deploy}
            </Button>
          )}
        </>
      }
    >
      {!mayWrite && <p className="notice">{t.readOnly}</p>}
      {source.wasKept && (
        <p className="notice">
          {t.kept}{' '}
          <Button kind="quiet" onPress={source.discard}>
            {t.discard}
          </Button>
        </p>
      )}
      {saveError && <ErrorNotice error={saveError} />}
      {undeploy.error && <ErrorNotice error={undeploy.error} />}
      <div className="editor">
        <div className="editor-code">
          <CodeEditor
            label={t.code(name)}
            language={language}
            value={source.code}
            onChange={source.write}
            isReadOnly={!mayWrite}
            problems={problems}
            goTo={goTo}
            onSave={save}
            onRun={() => run.mutate()}
          />
          <section className="problems" aria-label={t.problems}>
            {problems.length === 0 ? (
              <p className="faint">{t.noProblems}</p>
            ) : (
              <ul>
                {problems.map(({ message, line = 1, column = 1, rule }) => (
                  <li key={`${rule}-${line}-${column}-${message}`}>
                    <Button kind="quiet" onPress={() => setGoTo({ line })}>
                      {t.line(line)}
                    </Button>
                    {message}
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
        <div className="editor-side">
          <section className="payload" aria-label={t.payload}>
            <h2>{t.payload}</h2>
            {!input.ok && (
              <p role="alert" className="bad">
                {t.payloadWrong} {input.reason}
              </p>
            )}
            <CodeEditor
              label={t.payload}
              language="json"
              value={payload}
              onChange={(text) => {
                setPayload(text)
                keepPayload(accountId, functionId, text)
              }}
              onRun={() => run.mutate()}
            />
          </section>
          <RunPanel
            result={run.data}
            error={isSaveError ? null : run.error}
            isRunning={run.isPending}
          />
        </div>
      </div>
      {isDeploying && !source.theirs && !source.isDirty && (
        <DeployDialog
          accountId={accountId}
          draft={saved}
          onClose={(version) => {
            setDeploying(false)
            if (version !== undefined) setSaid(t.deployed(version))
          }}
        />
      )}
      {source.theirs && (
        <ConflictDialog
          theirs={source.theirs}
          mine={source.code}
          onTheirs={source.takeTheirs}
          onMine={() => source.save.mutate(source.theirs?.version)}
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
