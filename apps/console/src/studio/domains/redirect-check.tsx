import { checkRedirects } from '@parley/contract'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { domainWords } from '../words/domains.ts'

/** The hosts that an address leads over. */
export function RedirectCheck({ accountId }: { accountId: string }) {
  const [url, setUrl] = useState('')
  const t = domainWords
  const check = useMutation({
    mutationFn: () => ask(accountId, checkRedirects, { body: { url } }),
  })
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    check.mutate()
  }
  const found = check.data
  return (
    <section className="stack" aria-label={t.check}>
      <h2>{t.check}</h2>
      <form className="filters" onSubmit={submit}>
        <Field
          label={t.url}
          hint={t.checkHint}
          type="url"
          value={url}
          onChange={setUrl}
          isRequired
        />
        <Button type="submit" isPending={check.isPending}>
          {t.follow}
        </Button>
      </form>
      {check.error && <ErrorNotice error={check.error} />}
      <div role="status">
        {found && (
          <>
            <ol>
              {found.chain.map(({ url: step, allowed, status }) => (
                <li key={step}>
                  <bdi>{step}</bdi> {status}{' '}
                  <span className={`chip ${allowed ? 'good' : 'bad'}`}>
                    {allowed ? t.isAllowed : t.notAllowed}
                  </span>
                </li>
              ))}
            </ol>
            <p>
              {found.missing.length === 0 ? t.allThere : t.missing(found.missing.join(', '))}{' '}
              {found.stopped !== undefined && `${t.stopped} ${found.stopped}`}
            </p>
          </>
        )}
      </div>
    </section>
  )
}
