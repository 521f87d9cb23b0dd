import { operateWords } from '../words/operate.ts'
import { formOpens, mayLeave } from './open-forms.ts'

/** What somebody types in a form over the page, and how that ends: it is not lost without a question. */
export interface TypedForm {
  /** The `ref` of the form. */
  watch: (form: HTMLFormElement | null) => (() => void) | undefined
  /** Whether it is on its way: whoever leaves now does not see how it ends. */
  isPending: (isPending: boolean) => void
  /** Asks first, where something would be lost. */
  mayLeave: () => boolean
}

type Control = HTMLInputElement | HTMLTextAreaElement

export function typedForm(): TypedForm {
  const before = new Map<Control, string | boolean>()
  let isPending = false

  function remember(target: EventTarget | null): void {
    if (isControl(target) && !before.has(target)) before.set(target, valueOf(target))
  }
  const isTyped = (): boolean => [...before].some(([control, value]) => valueOf(control) !== value)
  function question(): string | undefined {
    if (isPending) return operateWords.leavePending
    return isTyped() ? operateWords.leave : undefined
  }
  return {
    watch(form) {
      if (!form) return undefined
      for (const control of form.elements) remember(control)
      // Fields that come later, such as those of a list, begin with what they have when somebody enters them.
      form.addEventListener('focusin', ({ target }) => remember(target))
      return formOpens(question)
    },
    isPending(is) {
      isPending = is
    },
    mayLeave: () => mayLeave(question),
  }
}

function isControl(target: unknown): target is Control {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}

function valueOf(control: Control): string | boolean {
  return control.type === 'checkbox' && 'checked' in control ? control.checked : control.value
}
