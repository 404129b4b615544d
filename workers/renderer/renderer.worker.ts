/** The thread that renders templates: the module of Piscina's tasks. It holds nothing but parsed templates. */
export { renderTask as default } from '../../shared/template/render-task.ts'
