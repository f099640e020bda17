// Draws the figures of the Chart and WorldMap components with ECharts, in the colours of the current theme.
window.custodiaCharts = (() => {
  'use strict';
  const drawn = new Set();
  let world;

  function colours() {
    const style = getComputedStyle(document.documentElement);
    const token = name => style.getPropertyValue('--' + name).trim();
    return {
      series: [1, 2, 3, 4, 5, 6].map(n => token('series-' + n)),
      ink: token('ink'), muted: token('muted'), border: token('border'), surface: token('surface'),
      sunken: token('sunken'), accent: token('accent'), soft: token('accent-soft'), font: getComputedStyle(document.body).fontFamily,
    };
  }

  const number = new Intl.NumberFormat(document.documentElement.lang || 'en');
  const countryNames = new Intl.DisplayNames(document.documentElement.lang || 'en', { type: 'region' });
  const withUnit = (value, unit) => value == null ? '–' : number.format(value) + (unit ? ' ' + unit : '');

  function common(c) {
    return {
      animationDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 300,
      color: c.series,
      textStyle: { fontFamily: c.font, color: c.ink },
      tooltip: {
        renderMode: 'richText', confine: true, backgroundColor: c.surface, borderColor: c.border, borderWidth: 1, padding: [8, 12],
        textStyle: { color: c.ink, fontFamily: c.font, fontSize: 13 },
      },
    };
  }

  function axes(data, c) {
    const many = data.series.length > 1;
    const line = data.kind !== 'bar';
    const labels = { color: c.muted, fontFamily: c.font, fontSize: 12 };
    return {
      ...common(c),
      tooltip: {
        ...common(c).tooltip, trigger: 'axis',
        axisPointer: { type: line ? 'line' : 'shadow', lineStyle: { color: c.border }, shadowStyle: { color: c.border, opacity: 0.35 } },
        valueFormatter: value => withUnit(value, data.unit),
      },
      legend: many ? { top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 12, itemGap: 16, textStyle: { ...labels, color: c.ink } } : undefined,
      grid: { left: 4, right: 8, top: many ? 36 : 12, bottom: 4, containLabel: true },
      xAxis: { type: 'category', data: data.labels, boundaryGap: !line, axisLine: { lineStyle: { color: c.border } }, axisTick: { show: false }, axisLabel: { ...labels, hideOverlap: true } },
      yAxis: { type: 'value', minInterval: 1, splitNumber: 4, splitLine: { lineStyle: { color: c.border } }, axisLabel: { ...labels, formatter: value => number.format(value) } },
      series: data.series.map((s, i) => ({
        name: s.name, data: s.values, type: line ? 'line' : 'bar', stack: data.stacked ? 'all' : undefined,
        smooth: 0.2, showSymbol: false, symbolSize: 7, lineStyle: { width: 2 }, barMaxWidth: 28,
        itemStyle: line ? undefined : { borderRadius: data.stacked ? 0 : [3, 3, 0, 0] },
        areaStyle: data.kind === 'area' ? { opacity: many ? 0.1 : 0.14, color: c.series[i % 6] } : undefined,
        emphasis: { focus: many ? 'series' : 'none' },
      })),
    };
  }

  function ring(data, c, narrow) {
    const text = { color: c.ink, fontFamily: c.font, fontSize: 13 };
    const place = narrow ? { bottom: 0, left: 'center' } : { orient: 'vertical', right: 0, top: 'middle' };
    return {
      ...common(c),
      tooltip: { ...common(c).tooltip, trigger: 'item', formatter: p => `${p.name}\n${withUnit(p.value, data.unit)} (${p.percent}%)` },
      legend: { ...place, icon: 'circle', itemWidth: 10, itemHeight: 10, itemGap: 12, textStyle: text },
      series: [{
        type: 'pie', radius: narrow ? ['46%', '68%'] : ['58%', '86%'], center: narrow ? ['50%', '40%'] : ['32%', '50%'], label: { show: false }, padAngle: 1.5,
        itemStyle: { borderRadius: 3 }, data: data.labels.map((name, i) => ({ name, value: data.series[0].values[i] })),
      }],
    };
  }

  // Countries on both sides of the date line (Russia, Fiji) come as rings that jump from 180 to -180 degrees; drawn as
  // they are, they would streak across the map. Unrolled and cut at 180 they become one polygon on either side.
  const polygons = geometry => geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  function cutAtDateLine(rings) {
    const crosses = rings[0].some(([x], i, ring) => i > 0 && Math.abs(x - ring[i - 1][0]) > 180);
    if (!crosses) return [rings];
    const unrolled = rings.map(ring => ring.map(([x, y]) => [x < 0 ? x + 360 : x, y]));
    const west = unrolled.map(ring => clip(ring, x => x <= 180)).filter(ring => ring.length > 3);
    const east = unrolled.map(ring => clip(ring, x => x >= 180).map(([x, y]) => [x - 360, y])).filter(ring => ring.length > 3);
    return [west, east].filter(part => part.length > 0);
  }
  function clip(ring, inside) {
    const out = [];
    ring.forEach((point, i) => {
      const before = ring[(i + ring.length - 1) % ring.length];
      if (inside(point[0]) !== inside(before[0])) {
        const share = (180 - before[0]) / (point[0] - before[0]);
        out.push([180, before[1] + (point[1] - before[1]) * share]);
      }
      if (inside(point[0])) out.push(point);
    });
    return out;
  }

  async function registerWorld(address) {
    world ??= fetch(address).then(r => r.json()).then(topology => {
      const countries = topojson.feature(topology, topology.objects.countries);
      const named = countries.features.filter(f => f.properties.name !== 'Antarctica');
      for (const f of named) f.geometry = { type: 'MultiPolygon', coordinates: polygons(f.geometry).flatMap(cutAtDateLine) };
      // The key of a country is its ISO 3166-1 numeric code; a few disputed areas have none and go by name.
      const key = f => f.id ?? f.properties.name;
      for (const f of named) f.properties = { name: key(f), title: f.properties.name };
      echarts.registerMap('world', { type: 'FeatureCollection', features: named });
      return new Map(named.map(f => [f.properties.name, f.properties.title]));
    });
    return world;
  }

  function map(data, c, titles) {
    const codes = new Map(data.countries.map(x => [x.id, x.code]));
    const most = Math.max(1, ...data.countries.map(x => x.value));
    return {
      ...common(c),
      tooltip: {
        ...common(c).tooltip, trigger: 'item',
        formatter: p => Number.isNaN(p.value) || p.value == null ? titles.get(p.name) ?? p.name : `${countryNames.of(codes.get(p.name))}\n${withUnit(p.value, data.unit)}`,
      },
      series: [{
        type: 'map', map: 'world', roam: false, aspectScale: 0.78, left: 0, right: 0, top: 4, bottom: 4, selectedMode: false,
        itemStyle: { areaColor: c.border, borderColor: c.surface, borderWidth: 0.7 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: c.series[1] } },
        // By the logarithm, so that one large country does not make all others look empty.
        data: data.countries.map(x => ({ name: x.id, value: x.value, itemStyle: { areaColor: blend(c.soft, c.accent, 0.25 + 0.75 * Math.log1p(x.value) / Math.log1p(most)) } })),
      }],
    };
  }

  function blend(from, to, share) {
    const part = (hex, at) => parseInt(hex.slice(at, at + 2), 16);
    const mix = at => Math.round(part(from, at) + (part(to, at) - part(from, at)) * share).toString(16).padStart(2, '0');
    return '#' + mix(1) + mix(3) + mix(5);
  }

  async function draw(figure, worldAddress) {
    const area = figure.querySelector('.chart-area');
    if (!area || area.dataset.drawn) return;
    area.dataset.drawn = 'true';
    const data = JSON.parse(figure.dataset.options);
    for (const name of figure.querySelectorAll('[data-country]')) name.textContent = countryNames.of(name.dataset.country);
    const titles = figure.dataset.chart === 'map' ? await registerWorld(worldAddress) : null;
    const chart = echarts.init(area, null, { renderer: 'canvas' });
    const paint = () => {
      const c = colours();
      chart.setOption(titles ? map(data, c, titles) : data.kind === 'ring' ? ring(data, c, area.clientWidth < 420) : axes(data, c), true);
    };
    paint();
    figure.querySelector('[data-scale]')?.removeAttribute('hidden');
    new ResizeObserver(() => { chart.resize(); if (data.kind === 'ring') paint(); }).observe(area);
    drawn.add({ area, chart, paint });
  }

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const entry of drawn) {
      if (entry.area.isConnected) entry.paint();
      else { entry.chart.dispose(); drawn.delete(entry); }
    }
  });

  return { draw };
})();
