import { listSigningKeys, rotateSigningKey } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { RotateCcwKey } from 'lucide-react'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Listed } from '../ui/listed.tsx'
import { Ago } from '../ui/time.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { accessWords as t } from './words.ts'

/** The keys by which tokens of the account are signed. */
export function SigningKeys({ accountId }: { accountId: string }) {
  const [isRotating, setRotating] = useState(false)
  const [said, setSaid] = useState('')
  const query = useQuery({
    queryKey: ['access', accountId, 'signing'],
    queryFn: () => ask(accountId, listSigningKeys),
  })
  return (
    <>
      <p className="actions">
        <Button onPress={() => setRotating(true)}>
          <RotateCcwKey aria-hidden size={16} />
          {t.rotate}
        </Button>
        <span role="status">{said}</span>
      </p>
      <Listed
        label={t.parts.signing}
        query={query}
        rowsOf={({ signingKeys }) => signingKeys}
        keyOf={({ kid }) => kid}
        empty={null}
        columns={[
          { head: t.keys, cell: ({ kid }) => <code>{kid}</code> },
          {
            head: t.used,
            cell: ({ current }) => (
              <span className={current ? 'chip good' : 'chip quiet'}>
                {current ? t.current : t.checks}
              </span>
            ),
          },
          { head: t.made, cell: ({ createdAt }) => <Ago at={createdAt} /> },
        ]}
      />
      {isRotating && (
        <RotateDialog
          accountId={accountId}
          onClose={(isDone) => {
            setRotating(false)
            if (isDone) setSaid(t.rotated)
            void queries.invalidateQueries({ queryKey: ['access', accountId] })
          }}
        />
      )}
    </>
  )
}

interface DialogProps {
  accountId: string
  onClose: (isDone: boolean) => void
}

function RotateDialog({ accountId, onClose }: DialogProps) {
  const [revoke, setRevoke] = useState(false)
  const rotate = useDialogMutation({
    mutationFn: () => ask(accountId, rotateSigningKey, { body: { revoke } }),
    onDone: () => onClose(true),
  })
  return (
    <FormDialog
      title={t.rotateTitle}
      submit={t.rotate}
      kind="danger"
      error={rotate.error}
      isPending={rotate.isPending}
      onSubmit={() => rotate.mutate()}
      onClose={() => onClose(false)}
    >
      <p>{t.rotateText}</p>
      <CheckBox label={t.revoke} isSelected={revoke} onChange={setRevoke} />
    </FormDialog>
  )
}
