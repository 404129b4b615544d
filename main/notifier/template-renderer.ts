import { BurrowError } from '../../shared/errors.ts'
import { type PackedData, type RenderResult, renderTask, type TemplateText } from '../../shared/template/render-task.ts'

/** Makes texts out of templates. Main thread. */
export interface TemplateRenderer {
  /**
   * Texts in the order of the templates. Rejects with BurrowError: TEMPLATE_FAILED, with the place in the template; or THREAD_DIED,
   * DEADLINE_EXCEEDED, QUEUE_FULL, after which another try may end well.
   */
  render(templates: readonly TemplateText[], data: PackedData): Promise<readonly string[]>
  /** What is under way is refused. */
  stop(): Promise<void>
}

/** Renders at once, on the thread of the caller, who must have nothing else to do: for the dry run, and for tests. */
export const renderHere: TemplateRenderer = {
  render: async (templates, data) => textsOf(renderTask({ templates, data })),
  stop: async () => undefined
}

/** Throws BurrowError TEMPLATE_FAILED. */
export function textsOf(result: RenderResult): readonly string[] {
  if (!result.ok) throw new BurrowError('TEMPLATE_FAILED', result.error)
  return result.texts
}
