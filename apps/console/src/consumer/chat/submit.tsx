import { words } from '../words/index.ts'

export interface SubmitProps {
  label: string
  /** The form is on its way. */
  isBusy: boolean
}

/** The button that sends a form. It is not disabled by the attribute: it would lose the focus. */
export function Submit({ label, isBusy }: SubmitProps) {
  return (
    <button type="submit" class="primary" aria-disabled={isBusy}>
      {isBusy ? words.sending : label}
    </button>
  )
}
