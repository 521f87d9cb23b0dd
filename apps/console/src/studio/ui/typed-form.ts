import { operateWords } from '../words/operate.ts'
import { formOpens } from './open-forms.ts'

/** What somebody types in a form over the page: it is not lost without a question. */
export interface TypedForm {
  /** The `ref` of the form. */
  watch: (form: HTMLFormElement | null) => (() => void) | undefined
  /** It is on its way: whoever leaves now loses nothing, unless it is refused. */
  isSent: (isSent: boolean) => void
  /** Asks whether what is typed may be lost, where something is. */
  mayLeave: () => boolean
}

type Control = HTMLInputElement | HTMLTextAreaElement

export function typedForm(): TypedForm {
  const before = new Map<Control, string | boolean>()
  let isSent = false

  function remember(target: EventTarget | null): void {
    if (isControl(target) && !before.has(target)) before.set(target, valueOf(target))
  }
  const isTyped = (): boolean =>
    !isSent && [...before].some(([control, value]) => valueOf(control) !== value)
  const mayLeave = (): boolean => !isTyped() || confirm(operateWords.leave)

  function askToStay(event: BeforeUnloadEvent): void {
    if (isTyped()) event.preventDefault()
  }
  return {
    watch(form) {
      if (!form) return undefined
      for (const control of form.elements) remember(control)
      // Fields that come later, such as those of a list, begin with what they have when somebody enters them.
      form.addEventListener('focusin', ({ target }) => remember(target))
      form.addEventListener('input', () => (isSent = false))
      addEventListener('beforeunload', askToStay)
      const close = formOpens(mayLeave)
      return () => {
        removeEventListener('beforeunload', askToStay)
        close()
      }
    },
    isSent: (is) => (isSent = is),
    mayLeave,
  }
}

function isControl(target: unknown): target is Control {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}

function valueOf(control: Control): string | boolean {
  return control.type === 'checkbox' && 'checked' in control ? control.checked : control.value
}
