import { expect } from 'chai'
import { emailMessage } from '../../../main/notifier/email-message.ts'

describe('main/notifier/email-message', () => {
  it('takes the subject from the first line and the body from below the blank one', () => {
    expect(emailMessage('Subject: [Burrow] lag\n\nHello\n\nworld\n')).to.deep.equal({
      subject: '[Burrow] lag',
      contentType: 'text/plain',
      body: 'Hello\n\nworld\n'
    })
  })

  it('takes a content type, without its parameters', () => {
    const text = 'Subject: x\nMIME-version: 1.0\nContent-Type: text/html; charset="UTF-8"\n\n<b>y</b>'
    expect(emailMessage(text)).to.deep.equal({ subject: 'x', contentType: 'text/html', body: '<b>y</b>' })
  })

  it('leaves in the body what looks like a header there (F10)', () => {
    const body = 'a; b\nContent-Type: text/html\nSubject: no\nMIME-version: 2'
    expect(emailMessage(`Subject: x\n\n${body}`)).to.deep.equal({ subject: 'x', contentType: 'text/plain', body })
    expect(emailMessage(`Subject: x\n${body}`).body).to.equal(body)
  })

  it('takes either line end', () => {
    expect(emailMessage('Subject: x\r\n\r\ny\r\n')).to.deep.include({ subject: 'x', body: 'y\n' })
  })

  it('refuses a text without a subject, or with a content type that is no text', () => {
    for (const text of ['', 'subject: x', '\nSubject: x', 'Content-Type: text/html\nSubject: x', ' Subject: x']) {
      expect(() => emailMessage(text), text).to.throw('does not begin with "Subject: "')
    }
    for (const type of ['application/json', 'text/html\u0000', 'x', 'text/']) {
      expect(() => emailMessage(`Subject: x\nContent-Type: ${type}\n\n`), type).to.throw('Content-Type')
    }
  })
})
