// As much of a browser as a sign-in needs: cookies, redirects on one origin, the fields of a form.
import assert from 'node:assert/strict';

export class Browser {
  #cookies = new Map();

  get(url) {
    return this.#go(new URL(url), { method: 'GET' });
  }

  // Fills in the page's own form and posts it with its hidden fields.
  submit(page, filled) {
    const form = page.forms().find(f => f.method === 'post' && !f.action.startsWith('/display') && f.hasToken)
      ?? assert.fail(`no form at ${page.url}`);
    return this.#go(new URL(form.action, page.url), { method: 'POST', body: new URLSearchParams({ ...form.hidden, ...filled }) });
  }

  async #go(url, request) {
    for (let hops = 0; hops < 10; hops++) {
      const response = await fetch(url, {
        ...request,
        redirect: 'manual',
        headers: { accept: 'text/html', 'accept-language': 'en', cookie: [...this.#cookies].map(c => c.join('=')).join('; ') },
      });
      this.#keep(response);
      const location = response.headers.get('location');
      if (!location) return new Page(url, response.status, await response.text());
      const target = new URL(location, url);
      if (target.origin !== url.origin) return new Page(url, response.status, '', target);
      assert.equal(response.status === 307 || response.status === 308, false, 'a posted form is never repeated');
      url = target;
      request = { method: 'GET' };
    }
    assert.fail('too many redirects');
  }

  #keep(response) {
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split(/=(.*)/s);
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
  }
}

class Page {
  constructor(url, status, html, outside = null) {
    Object.assign(this, { url, status, html, outside });
  }

  // What a person reads.
  text() {
    return this.html.replace(/.*<main/s, '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').slice(0, 600);
  }

  link(pattern) {
    for (const [, href] of this.html.matchAll(/<a [^>]*href="([^"]*)"/g))
      if (pattern.test(href)) return new URL(decode(href), this.url);
    assert.fail(`no link like ${pattern} at ${this.url}`);
  }

  forms() {
    return [...this.html.matchAll(/<form ([^>]*)>(.*?)<\/form>/gs)].map(([, attributes, inner]) => ({
      method: attributes.match(/method="([^"]*)"/)?.[1] ?? 'get',
      action: decode(attributes.match(/action="([^"]*)"/)?.[1] ?? ''),
      hasToken: inner.includes('name="form-token"'),
      hidden: Object.fromEntries([...inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, decode(value)])),
    }));
  }
}

const decode = text => text.replaceAll('&#x2B;', '+').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
