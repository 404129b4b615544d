import { expect } from 'chai'
import { RenderThread } from '../../main/notifier/render-thread.ts'
import { renderHere } from '../../main/notifier/template-renderer.ts'
import { BurrowError } from '../../shared/errors.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import type { TemplateText } from '../../shared/template/render-task.ts'
import { unpackedPartitionsMax } from '../../shared/verdict.ts'
import { groupStatus, kept, notificationOf, partitionStatus } from '../main/notifier/fake-parts.ts'
import { waitFor } from '../support/wait-for.ts'

const { data } = notificationOf('open', groupStatus(StatusConstant.Warning, { group: 'g\r\n1' }))
const template = (source: string, use: TemplateText['use'] = 'body'): TemplateText => ({ name: 't.tmpl', source, use })
/** Uses up all steps that a template has. */
const hostile = template('{{range 9223372036854775807}}{{$x := printf "%d" .}}{{end}}')
/** The same in dear steps: seconds. */
const dear = template(
  '{{range 9223372036854775807}}{{$x := formattimestamp (multiply . 3600000) "2006-01-02 15:04:05"}}{{end}}'
)
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof BurrowError ? error.code : String(error))
  )

describe('threads: the one that renders templates', () => {
  const made: RenderThread[] = []
  const thread = (deadlineMs?: number) => {
    const one = new RenderThread(kept().logger, deadlineMs)
    made.push(one)
    return one
  }
  afterEach(async () => {
    for (const one of made.splice(0)) await one.stop()
  })

  it('renders as it is rendered here, errors included', async () => {
    const templates = [template('{{.Group}} {{.Result.Status}}'), template('http://x/{{.Group}}', 'url')]
    const mail = template('Subject: {{.Group}}', 'mail')
    const there = await thread().render([...templates, mail], data)
    expect(there).to.deep.equal(['g\r\n1 WARN', 'http://x/g%0D%0A1', 'Subject: g\ufffd\ufffd1'])
    expect(there).to.deep.equal(await renderHere.render([...templates, mail], data))
    const partitions = Array.from({ length: unpackedPartitionsMax + 1 }, (_, partition) =>
      partitionStatus({ partition })
    )
    const many = notificationOf('open', groupStatus(StatusConstant.Error, { partitions })).data
    const [all] = await thread().render([template('{{range .Result.Partitions}}{{.Partition}} {{end}}')], many)
    expect(all).to.equal(`${partitions.map(({ partition }) => partition).join(' ')} `)
    const wrong = [template('{{.Nothing}}')]
    const said = (work: Promise<unknown>) => work.catch((error: BurrowError) => `${error.code} ${error.message}`)
    expect(await said(made[0]!.render(wrong, data))).to.contain('TEMPLATE_FAILED template: t.tmpl:1:2: executing')
    expect(await said(made[0]!.render(wrong, data))).to.equal(await said(renderHere.render(wrong, data)))
  })

  it('leaves main its turns while a hostile template uses up its steps', async () => {
    const renderer = thread()
    await renderer.render([template('x')], data) // the thread is there
    let turns = 0
    let isDone = false
    const rendering = codeOf(renderer.render([hostile], data)).finally(() => {
      isDone = true
    })
    await waitFor(
      async () => {
        await new Promise(resolve => setImmediate(resolve))
        turns++
        return turns >= 3 || isDone
      },
      'three turns of the event loop',
      10_000
    )
    expect({ turns, isDone }).to.deep.equal({ turns: 3, isDone: false })
    expect(await rendering).to.equal('TEMPLATE_FAILED')
  })

  it('ends a thread that is late, and goes on with another', async () => {
    const renderer = thread(500)
    const [late, behind] = [renderer.render([dear], data), renderer.render([dear], data)]
    expect(await Promise.all([codeOf(late), codeOf(behind)])).to.deep.equal(['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'])
    const patient = async () => (await renderer.render([template('{{.ID}}')], data))[0] === 'id-1'
    await waitFor(patient, 'a new thread', 10_000)
  })

  it('refuses what comes after the end, and what was under way', async () => {
    const renderer = thread()
    const rendering = codeOf(renderer.render([hostile], data))
    await renderer.stop()
    expect(await rendering).to.equal('THREAD_DIED')
    expect(await codeOf(renderer.render([template('x')], data))).to.equal('THREAD_DIED')
  })
})
