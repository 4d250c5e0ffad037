"""Line icons of 24 × 24 in the colour of the text. Decoration: the word beside them says it all."""

from __future__ import annotations

ICONS: dict[str, str] = {
    "check": '<path d="M4 12.5l5 5L20 6.5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "hourglass": '<path d="M7 3h10M7 21h10M8 3v4l4 5-4 5v4M16 3v4l-4 5 4 5v4"/>',
    "warning": '<path d="M12 3L2.5 20h19z"/><path d="M12 10v4.5M12 17.4v.1"/>',
    "exclamation": '<path d="M12 3v11M12 19v.2" stroke-width="3.4"/>',
    "home": '<path d="M3 11.5L12 4l9 7.5M6 10v10h12V10"/>',
    "target": '<circle cx="12" cy="12" r="9"/><path d="M12 12h.01" stroke-width="5"/>',
    "dashed": '<circle cx="12" cy="12" r="9" stroke-dasharray="3 3"/>',
    "question": (
        '<circle cx="12" cy="12" r="9"/>'
        '<path d="M9.3 9.5a2.8 2.8 0 1 1 4 2.5c-1 .6-1.3 1-1.3 2M12 17.2v.1"/>'
    ),
    "eye": (
        '<path d="M2 12s4-6.5 10-6.5S22 12 22 12s-4 6.5-10 6.5S2 12 2 12z"/>'
        '<circle cx="12" cy="12" r="3"/>'
    ),
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "list": '<path d="M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "phone": (
        '<path d="M5 3h4l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v4a2 2 0 0 1-2 2'
        'A16 16 0 0 1 3 5a2 2 0 0 1 2-2z"/>'
    ),
    "print": '<path d="M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M4 20h16"/>',
    "upload": '<path d="M12 15V4M7 8l5-5 5 5M4 20h16"/>',
    "document": '<path d="M6 3h9l4 4v14H6z"/><path d="M9 12h7M9 16h5M9 8h3"/>',
    "pencil": '<path d="M4 20l1-4L16 5l3 3L8 19z"/>',
    "lock": (
        '<path d="M5 11V8a7 7 0 0 1 14 0v3"/><rect x="4" y="11" width="16" height="10" rx="1.5"/>'
    ),
    "undo": '<path d="M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-4"/>',
    "people": (
        '<circle cx="9" cy="8" r="3.5"/>'
        '<path d="M2.5 20c.7-4.5 3-6 6.5-6s5.8 1.5 6.5 6M16 5a3.5 3.5 0 0 1 0 6.5'
        'M18 14.5c2 .8 3 2.5 3.5 5.5"/>'
    ),
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 4-7 8-7s7 2 8 7"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/>',
    "speech": '<path d="M4 5h16v11H9l-5 4z"/>',
    "map": '<path d="M3 6l6-3 6 3 6-3v15l-6 3-6-3-6 3zM9 3v15M15 6v15"/>',
    "shield": '<path d="M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z"/>',
    "dots": '<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="4"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "arrow_right": '<path d="M5 12h14M13 6l6 6-6 6"/>',
}
