import { createIssuer, TokenIssuer } from '@parley/contract'
import { useState } from 'react'
import * as z from 'zod'
import { ask } from '../api/server.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { parseJson } from '../ui/parse-json.ts'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { operateWords } from '../words/operate.ts'
import { accessWords as t } from './words.ts'

const KeySet = z.object({ keys: TokenIssuer.shape.keys })

/** Trusts an issuer by its public keys. */
export function IssuerDialog({ accountId, onClose }: { accountId: string; onClose: () => void }) {
  const [issuer, setIssuer] = useState('')
  const [audience, setAudience] = useState('')
  const [kind, setKind] = useState<'pem' | 'jwks'>('pem')
  const [text, setText] = useState('')
  const trust = useDialogMutation({
    mutationFn: () =>
      ask(accountId, createIssuer, {
        body: {
          issuer,
          ...(audience.trim() !== '' && { audience }),
          ...(kind === 'pem' ? { publicKeyPem: text } : { keys: keysOf(text) }),
        },
      }),
    onDone: onClose,
  })
  return (
    <FormDialog
      title={t.add.issuers}
      submit={t.trust}
      error={trust.error}
      isPending={trust.isPending}
      onSubmit={() => trust.mutate()}
      onClose={onClose}
    >
      <Field
        label={t.issuer}
        hint={t.issuerHint}
        value={issuer}
        onChange={setIssuer}
        maxLength={255}
        autoFocus
        isRequired
        member="issuer"
      />
      <Field
        label={t.audience}
        hint={t.audienceHint}
        value={audience}
        onChange={setAudience}
        maxLength={255}
        member="audience"
      />
      <Choice
        label={t.keyKind}
        value={kind}
        options={(['pem', 'jwks'] as const).map((id) => ({ id, name: t.keyKinds[id] }))}
        onChange={(id) => setKind(id === 'jwks' ? 'jwks' : 'pem')}
      />
      <Field
        label={t.publicKey}
        hint={t.publicKeyHint}
        lines={6}
        value={text}
        onChange={setText}
        maxLength={20_000}
        isRequired
        member={kind === 'pem' ? 'publicKeyPem' : 'keys'}
      />
    </FormDialog>
  )
}

/** @throws what is wrong with the text */
function keysOf(text: string): TokenIssuer['keys'] {
  const parsed = parseJson(text)
  if (!parsed.ok) throw new Error(`${operateWords.notJson} ${parsed.reason}`)
  const read = KeySet.safeParse(parsed.value)
  if (!read.success) {
    const [first] = read.error.issues
    throw new Error(first ? `${first.path.join('.')}: ${first.message}` : t.noKeys)
  }
  return read.data.keys
}
