import { type FunctionDetail, getFunction, type KeyValue, updateFunction } from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { isSame } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useFunctions } from '../api/use-names.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { operateWords } from '../words/operate.ts'
import { secretWords } from '../words/secrets.ts'

/** Environment variables of the function that the address names, else of the first one. */
export function Environment({ accountId }: { accountId: string }) {
  const { functionId: wanted } = useSearch({ from: '/$accountId/secrets' })
  const navigate = useNavigate({ from: '/$accountId/secrets' })
  const { isLoaded, functions, functionsQuery } = useFunctions(accountId)
  const functionId = wanted ?? functions[0]?.functionId
  const t = secretWords
  return (
    <section className="stack" aria-label={t.environment}>
      <h2>{t.environment}</h2>
      <p className="faint">{t.environmentHint}</p>
      {functionId === undefined ? (
        <UnlessUnread query={functionsQuery}>
          {isLoaded && <p className="faint">{t.noFunctions}</p>}
        </UnlessUnread>
      ) : (
        <>
          <div className="filters">
            <Choice
              label={operateWords.function}
              value={functionId}
              options={functions.map((one) => ({ id: one.functionId, name: one.name }))}
              onChange={(id) =>
                void navigate({
                  search: (old) => ({ ...old, functionId: id }),
                  replace: true,
                })
              }
            />
            <Link to="/$accountId/functions/$functionId" params={{ accountId, functionId }}>
              {t.toEditor}
            </Link>
          </div>
          <OfFunction key={functionId} accountId={accountId} functionId={functionId} />
        </>
      )}
    </section>
  )
}

interface Props {
  accountId: string
  functionId: string
}

function OfFunction({ accountId, functionId }: Props) {
  const mayWrite = useMay(accountId, 'function:write')
  const maySee = useMay(accountId, 'function:environment') || mayWrite
  const query = useQuery({
    queryKey: ['environment', accountId, functionId],
    queryFn: () => ask(accountId, getFunction, { params: { functionId } }),
  })
  const t = secretWords
  return (
    <>
      <Loaded query={query}>
        {(newest) =>
          mayWrite ? (
            <Variables accountId={accountId} newest={newest} />
          ) : (
            <>
              {!maySee && <p className="notice">{t.hidden}</p>}
              {newest.environment.length === 0 && <p className="faint">{t.noVariables}</p>}
              <dl className="pairs">
                {newest.environment.map(({ key, value }) => (
                  <div key={key}>
                    <dt>
                      <code>{key}</code>
                    </dt>
                    <dd>
                      <bdi>{value}</bdi>
                    </dd>
                  </div>
                ))}
              </dl>
            </>
          )
        }
      </Loaded>
    </>
  )
}

/** @param newest what is saved; what is typed outlives another save of it */
function Variables({ accountId, newest }: { accountId: string; newest: FunctionDetail }) {
  const { functionId, version } = newest
  /** What is not saved, and what stood there when it was begun. */
  const [typed, setTyped] = useState<{
    variables: readonly KeyValue[]
    base: readonly KeyValue[]
  }>()
  const kept = newest.environment
  const variables = typed?.variables ?? kept
  const isChanged = !isSame(variables, kept)
  const isBeside = isChanged && typed !== undefined && !isSame(typed.base, kept)
  useUnsaved(isChanged)
  const client = useQueryClient()
  const t = secretWords
  const queryKey = ['environment', accountId, functionId]
  const save = useMutation({
    mutationFn: (sent: readonly KeyValue[]) =>
      ask(accountId, updateFunction, {
        params: { functionId },
        body: { version, environment: [...sent] },
      }),
    onSuccess: (detail, sent) => {
      client.setQueryData(['function', accountId, functionId], detail)
      client.setQueryData(queryKey, detail)
      void client.invalidateQueries({ queryKey: ['functions', accountId] })
      // What was typed while it was saved is not saved.
      setTyped((now) =>
        now === undefined || isSame(now.variables, sent)
          ? undefined
          : { ...now, base: detail.environment },
      )
    },
    // Somebody else may have saved before this page was told: it is shown first.
    onError: () => client.invalidateQueries({ queryKey }),
  })
  function put(changed: readonly KeyValue[]): void {
    setTyped({ variables: changed, base: typed?.base ?? kept })
  }
  function write(index: number, part: Partial<KeyValue>): void {
    put(variables.map((one, at) => (at === index ? { ...one, ...part } : one)))
  }
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    if (isChanged) save.mutate(variables)
  }
  return (
    <form className="stack" onSubmit={submit}>
      {variables.length === 0 && <p className="faint">{t.noVariables}</p>}
      {variables.map(({ key, value }, index) => (
        <div className="variable" key={index}>
          <Field
            label={t.variable(index + 1)}
            value={key}
            onChange={(text) => write(index, { key: text })}
            maxLength={200}
            isRequired
          />
          <Field
            label={t.variableValue(index + 1)}
            value={value}
            onChange={(text) => write(index, { value: text })}
            maxLength={1024}
          />
          <Button
            kind="quiet"
            aria-label={t.removeVariable(key)}
            onPress={() => put(variables.filter((_, at) => at !== index))}
          >
            ✕
          </Button>
        </div>
      ))}
      {save.error && <ErrorNotice error={save.error} />}
      <p role="status">
        {isBeside ? (
          <>
            {t.changedBeside(version)}{' '}
            <Button onPress={() => setTyped(undefined)}>{t.showTheirs}</Button>
          </>
        ) : (
          save.data && !isChanged && t.saved(save.data.version)
        )}
      </p>
      <div className="actions">
        <Button onPress={() => put([...variables, { key: '', value: '' }])}>{t.addVariable}</Button>
        <Button type="submit" kind="primary" isPending={save.isPending} isDisabled={!isChanged}>
          {operateWords.save}
        </Button>
      </div>
    </form>
  )
}
